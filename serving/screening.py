"""Which texts are refused before they reach the log? With a forbidden link, or known as spam.

The rules are the scorer's (`moderation/`); a text that passes is scored within a second after.
"""

from __future__ import annotations

from collections.abc import Callable

from moderation.behaviour import same_text
from moderation.known_spam import SHORTEST
from moderation.links import LISTS, LinkList
from serving.errors import Forbidden
from serving.metrics import REFUSED
from settings import Settings


class Screening:
    """Safe to share between threads. `known_spam` gives the keys of what people called spam.

    Raises `BadEntry` for a line of the list that would do harm.
    """

    def __init__(
        self, settings: Settings, known_spam: Callable[[], frozenset[str]] = frozenset
    ) -> None:
        file = settings.forbidden_links or LISTS / "forbidden_links.txt"
        self._forbidden, self._known_spam = LinkList.load(file), known_spam

    def check(self, *texts: str | None) -> None:
        """Raises `Forbidden`, naming the entry of the list, where a text must not be said."""
        known = self._known_spam()
        for text in filter(None, texts):
            if known and len(text) >= SHORTEST and same_text(text) in known:
                REFUSED.labels("known_spam").inc()
                raise Forbidden("People have found this text to be spam; it is not allowed here.")
            if entry := self._forbidden.find(text):
                REFUSED.labels("forbidden_link").inc()
                raise Forbidden(f"This links to {entry}, which is not allowed here.")
