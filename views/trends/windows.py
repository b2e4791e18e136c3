"""How many people used a tag in the last hour, four hours, day?

Each person counts once in a window, by their newest use, and less the longer ago that is: half
after half of the window. So twenty people who post a tag a hundred times are twenty people, and a
burst that is over fades before it leaves the window.

>>> tag = TagWindows()
>>> for minute in (0, 10, 20):
...     tag.use(person_id=1, minute=minute)
>>> tag.use(person_id=2, minute=30)
>>> tag.counts("1h", now=31)
Counts(people=2, decayed=1.75, uses=4)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import fsum
from typing import NamedTuple

WINDOWS = {"1h": 60, "4h": 240, "24h": 1_440}
"""The source's windows, in minutes."""

LONGEST = max(WINDOWS.values())
HOUR = 60


def half_life(window: str) -> float:
    """In minutes: the age at which a use counts half."""
    return WINDOWS[window] / 2


class Counts(NamedTuple):
    people: int
    decayed: float
    """The people, each weighed by the age of their newest use."""

    uses: int
    """Tweets."""


class TagCounts:
    """Of one tag in one place, as engines count them: minute by minute, no person by name."""

    def __init__(self) -> None:
        self.people: Counter[int] = Counter()  # minute -> people whose newest use it was
        self.uses: Counter[int] = Counter()  # minute -> tweets
        self.beside: dict[int, Counter[str]] = {}  # hour -> tweets with another tag
        self.spellings: Counter[str] = Counter()

    def counts(self, window: str, now: int) -> Counts:
        """Of the minutes before `now`, which is a minute that has just begun."""
        since, half = now - WINDOWS[window], half_life(window)
        recent = [(m, number) for m, number in self.people.items() if since <= m < now]
        # The exact sum, so that it does not depend on the order in which minutes are known.
        decayed = fsum(number * 2.0 ** (-(now - 1 - m) / half) for m, number in recent)
        uses = sum(number for m, number in self.uses.items() if since <= m < now)
        return Counts(sum(number for _, number in recent), decayed, uses)

    def share_beside(self, other: str) -> float:
        """In which share of its tweets of about a day the other tag stood beside this one."""
        together = sum(tags[other] for tags in self.beside.values())
        return together / (sum(self.uses.values()) or 1)

    def spelling(self) -> str:
        """As it is written most, of those that are equally frequent the first in the alphabet."""
        return min(self.spellings, key=lambda s: (-self.spellings[s], s))


class TagWindows(TagCounts):
    """The same, counted here. Exact; memory grows with the people of the tag's last day."""

    def __init__(self) -> None:
        super().__init__()
        self._newest: dict[int, int] = {}  # person -> minute of their newest use

    def __len__(self) -> int:
        """People of the last day, and some of before that are not forgotten yet."""
        return len(self._newest)

    def use(
        self, person_id: int, minute: int, spelling: str = "", beside: Iterable[str] = ()
    ) -> None:
        """One tweet. The same tweet twice would count as two; uses may come in any order."""
        before = self._newest.get(person_id)
        if before is None or minute > before:
            if before is not None:
                self.people[before] -= 1
            self._newest[person_id] = minute
            self.people[minute] += 1
        self.uses[minute] += 1
        self.spellings[spelling] += 1
        if beside:
            self.beside.setdefault(minute // HOUR, Counter()).update(beside)

    def forget(self, now: int) -> None:
        """Drops what is too old for every window."""
        oldest = now - LONGEST
        for minutes in (self.people, self.uses):
            for minute in [m for m in minutes if m < oldest]:
                del minutes[minute]
        for hour in [h for h in self.beside if h < oldest // HOUR]:
            del self.beside[hour]
        for person in [p for p, minute in self._newest.items() if minute < oldest]:
            del self._newest[person]
