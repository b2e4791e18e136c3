"""What waits for a person, in which order, and where does the next page begin?

The most urgent first, and of one severity the oldest tweet first. A place in the queue is a
severity and a tweet's id in one number, so pages are cut as all others are: what is decided or
comes in meanwhile moves nothing. A tweet that waits for several reasons stands once, at its most
urgent place; what becomes more urgent meanwhile is at the front of whoever looks next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ingest.events.moderation import SEVERITIES
from serving.moderation.cases import Case, Cases, select
from views.review_queue import PARTS, WHYS

ROUNDS = 8  # of filling a page; where most is left out, the next page goes on from where it stopped
AT_ONCE = 100  # tweets looked at in one round, at most
SPARE = 4  # of a page in so many, for what is left out of it: most pages are one round
OF_A_PART = 4  # tweets more than its share; a part that has still more ends the round earlier
WAITING = select("review_queue", "severity = ? AND part = ? AND tweet_id > ? LIMIT ?")

Keep = Callable[[Mapping[int, Case]], list[Case]]
"""Which of these cases are shown, in their order?"""


class Place(NamedTuple):
    """Behind this tweet of that severity."""

    severity: int = 0
    tweet_id: int = 0

    @property
    def number(self) -> int:
        return self.severity << 64 | self.tweet_id

    @classmethod
    def of(cls, number: int) -> Place:
        """As `number` gave it; what is beyond every severity is an empty page."""
        return cls(number >> 64, number & (1 << 64) - 1)


class QueuePage(NamedTuple):
    cases: list[Case]
    next: Place | None
    """Behind which the next page begins; None where nothing more waits."""


class Queue:
    """May raise `StoreUnavailable`."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def page(self, at: Place, limit: int, keep: Keep) -> QueuePage:
        found: list[Case] = []
        stopped: Place | None = at
        for cases, behind in self._rounds(at, limit):
            found, stopped = found + keep(cases), behind
            if len(found) > limit:
                last = found[limit - 1]
                return QueuePage(found[:limit], Place(last.severity or 0, last.tweet_id))
        return QueuePage(found, stopped)

    def _rounds(self, at: Place, limit: int) -> Iterator[tuple[dict[int, Case], Place | None]]:
        """Cases in the queue's order, and where that stopped; None at its end."""
        place: Place | None = at
        count = min(AT_ONCE, limit + 1 + limit // SPARE)
        for _ in range(ROUNDS):
            if place is None or place.severity >= SEVERITIES:
                return
            ids, more = self._behind(place, count)
            severity, count = place.severity, min(AT_ONCE, 2 * limit)
            if more:
                place = Place(severity, ids[-1])
            else:
                place = Place(severity + 1) if severity + 1 < SEVERITIES else None
            cases = self._cases.of(ids) if ids else {}
            yield {id: case for id, case in cases.items() if case.severity == severity}, place

    def _behind(self, place: Place, count: int) -> tuple[list[int], bool]:
        """The next tweets of that severity, oldest first, at most `count`; and whether there are
        more."""
        share = count // PARTS + OF_A_PART
        rows = share * len(WHYS)  # so each part gives as many tweets, however often each is there
        answers = self._cases.ask(
            [(WAITING, (place.severity, part, place.tweet_id, rows)) for part in range(PARTS)]
        )
        # What a part did not say lies behind what it said last; up to there nothing is missing.
        known = min((part[-1]["tweet_id"] for part in answers if len(part) == rows), default=None)
        ids = sorted({row["tweet_id"] for part in answers for row in part})
        if known is not None:
            ids = [id for id in ids if id <= known]
        return ids[:count], known is not None or len(ids) > count
