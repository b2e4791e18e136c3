"""Which epochs does a window hold at a time, and when could its value be known?

A value is known through an epoch, exclusive: of the epochs that were over, by the broker's clock, a
delay before it was asked. The delay is what the speed layer needs to have counted them. So the same
question has the same answer online at once and offline for ever, and nothing of the open epoch is
in either.

A window ends there, exclusive, and begins at a whole unit at or before its length ago: an hour at
an epoch, a day at a full hour, 7 and 30 days at midnight UTC. So it holds at least its length, less
than a unit more, and is a sum of few totals: of whole days, hours and epochs (*tiles*).

>>> clock = Clock(epoch_ms=300_000, delay_ms=30_000)
>>> clock.through_at(3_630_000), clock.known_from_ms(12)  # an hour and 30 s
(12, 3630000)
>>> clock.begin_ms(DAY, through=2_000)                    # 166 h 40 min, less a day, at the hour
511200000
>>> clock.leaves(HOUR, epoch=12)                          # the epoch is in windows before that
25
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
EPOCHS, HOURS, DAYS = "e", "h", "d"
FINER = {DAYS: (DAYS, HOURS, EPOCHS), HOURS: (HOURS, EPOCHS), EPOCHS: (EPOCHS,)}


@dataclass(frozen=True)
class Window:
    """`unit` is what it begins at a whole one of."""

    name: str
    length_ms: int
    unit: str


HOUR = Window("1h", HOUR_MS, EPOCHS)
DAY = Window("1d", DAY_MS, HOURS)
WEEK = Window("7d", 7 * DAY_MS, DAYS)
MONTH = Window("30d", 30 * DAY_MS, DAYS)
WINDOWS = (HOUR, DAY, WEEK, MONTH)


class Clock(NamedTuple):
    """How time is cut, from the settings `epoch_seconds` and `feature_delay_seconds`."""

    epoch_ms: int
    delay_ms: int

    @classmethod
    def of(cls, epoch_seconds: int, delay_seconds: float) -> Clock:
        return cls(1_000 * epoch_seconds, round(1_000 * delay_seconds))

    def through_at(self, at_ms: int) -> int:
        """The epoch through which everything is known at that time."""
        return (at_ms - self.delay_ms) // self.epoch_ms

    def known_from_ms(self, through: int) -> int:
        """When what is through this epoch could be known first."""
        return through * self.epoch_ms + self.delay_ms

    def unit_ms(self, unit: str) -> int:
        return {EPOCHS: self.epoch_ms, HOURS: HOUR_MS, DAYS: DAY_MS}[unit]

    def number(self, unit: str, epoch: int) -> int:
        """The unit in which an epoch begins, counted since 1970."""
        return epoch * self.epoch_ms // self.unit_ms(unit)

    def begin_ms(self, window: Window, through: int) -> int:
        """The window holds the epochs that begin at this time or later, and before `through`."""
        ago, unit = through * self.epoch_ms - window.length_ms, self.unit_ms(window.unit)
        return ago // unit * unit

    def leaves(self, window: Window, epoch: int) -> int:
        """The first `through` for which the window does not hold the epoch any more."""
        unit = self.unit_ms(window.unit)
        begins = (self.number(window.unit, epoch) + 1) * unit
        return -(-(begins + window.length_ms) // self.epoch_ms)

    def tiles(self, window: Window, through: int, pointer: int) -> Iterator[tuple[str, range]]:
        """The tiles that make up the window as far as `pointer`, where batch ends: whole units that
        are over by then, the largest first. Together they hold each epoch once."""
        at = self.begin_ms(window, through)
        for unit in FINER[window.unit]:
            length = self.unit_ms(unit)
            first, end = -(-at // length), pointer * self.epoch_ms // length
            if first < end:
                yield unit, range(first, end)
                at = end * length
