"""Which tags does an event use, by whom, and when?

A tag is one however it is spelled (`#SOTU`, `#sotu`, full width): `folded` names it. A tweet that
repeats a tag uses it once.

>>> [use.tag for use in uses("#SOTU tonight! #sotu #Boston", person_id=7, minute=9)]
['sotu', 'boston']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from ingest.events.entities import hashtags
from ingest.events.words import LONGEST, folded
from views.moderation_states import DECISION, SCORE, holds

MAX_TAGS = 10  # of one tweet that count: who names thirty tags speaks of none of them


class TagUse(NamedTuple):
    tag: str
    """Folded, without its sign."""

    spelling: str
    """As it was written, without its sign."""

    person_id: int
    minute: int
    """Since 1970."""

    beside: tuple[str, ...]
    """The other tags of the tweet."""


def tags_of(text: str) -> dict[str, str]:
    """Each distinct tag of the text and how it is spelled, in its order, at most `MAX_TAGS`."""
    if "#" not in text and "＃" not in text:
        return {}
    spellings: dict[str, str] = {}
    for found in hashtags(text):
        if len(found.tag) <= LONGEST:
            spellings.setdefault(folded(found.tag), found.tag)
    return dict(islice(spellings.items(), MAX_TAGS))


def uses(text: str, *, person_id: int, minute: int) -> Iterator[TagUse]:
    """A use for each of the `tags_of` a text."""
    tags = tags_of(text)
    for tag, spelling in tags.items():
        beside = tuple(other for other in tags if other != tag)
        yield TagUse(tag, spelling, person_id, minute, beside)


def may_trend(judged: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a tweet's uses count: it is shown, and without a notice. `judged` are the rows that
    `views.moderation_states` has of it, by source; where there is none, it counts."""
    return not holds(judged.get(SCORE), judged.get(DECISION)).sensitive
