"""Which texts are refused before they reach the log? Those with a forbidden link.

The rules are the scorer's (`moderation/`); a text that passes is scored within a second after.
"""

from __future__ import annotations

from moderation.links import LISTS, LinkList
from serving.errors import Forbidden
from serving.metrics import REFUSED
from settings import Settings


class Screening:
    """Safe to share between threads. Raises `BadEntry` for a line that would do harm."""

    def __init__(self, settings: Settings) -> None:
        file = settings.forbidden_links or LISTS / "forbidden_links.txt"
        self._forbidden = LinkList.load(file)

    def check(self, *texts: str | None) -> None:
        """Raises `Forbidden`, naming the entry of the list, where a text must not be said."""
        for text in filter(None, texts):
            if entry := self._forbidden.find(text):
                REFUSED.labels("forbidden_link").inc()
                raise Forbidden(f"This links to {entry}, which is not allowed here.")
