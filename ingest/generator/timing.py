"""When does each account write?

Accounts live in *warped* time, which runs fast in busy hours and hardly at all at night; in it, the
gaps between one account's entries are a mix of short ones (a conversation, a session) and long ones
in proportion to how seldom it writes. Bending time for all of them at once gives the daily and
weekly rhythm and the bursts in which a crowd wakes up together.
"""

from __future__ import annotations

import heapq
import random
from bisect import bisect_right
from collections.abc import Iterator

from ingest.generator.measured import LogNormal, Measured

HOUR = 3_600.0
DAY = 24 * HOUR


class Warp:
    """Real time for warped time, both in seconds from a Monday midnight (UTC)."""

    def __init__(self, measured: Measured, chance: random.Random) -> None:
        self._measured, self._chance = measured, chance
        self._stray = chance.gauss(0, measured.crowd_sigma)
        self._edges = [0.0]
        """Warped seconds at the start of each hour; grows as far as it is asked."""

    def real(self, warped: float) -> float:
        while self._edges[-1] <= warped:
            self._edges.append(self._edges[-1] + HOUR * self._next_rate())
        hour = bisect_right(self._edges, warped) - 1
        start, end = self._edges[hour], self._edges[hour + 1]
        return HOUR * (hour + (warped - start) / (end - start))

    def _next_rate(self) -> float:
        """The next hour's rate against the mean of a week, bursts included."""
        m, hour = self._measured, len(self._edges) - 1
        usual = 24 * m.hours[hour % 24] * 7 * m.weekdays[hour // 24 % 7]
        fresh = m.crowd_sigma * (1 - m.crowd_kept**2) ** 0.5
        self._stray = m.crowd_kept * self._stray + self._chance.gauss(0, fresh)
        mean_one = LogNormal(self._stray - m.crowd_sigma**2 / 2, 0).mean
        return usual * mean_one


def gaps(measured: Measured, chance: random.Random) -> Iterator[float]:
    """The gaps between one account's entries, in warped seconds, for ever."""
    mean = DAY / measured.entries_per_day.draw(chance)
    short, long = measured.short_gap_seconds, measured.long_gap_of_mean
    # What the short gaps take from the mean, the long ones give back: the rate stays as drawn.
    rest = max(mean - measured.short_gaps * short.mean, 0.1 * mean) / (1 - measured.short_gaps)
    while True:
        if chance.random() < measured.short_gaps:
            yield short.draw(chance)
        else:
            yield rest * long.draw(chance) / long.mean


def moments(seed: str, users: int, measured: Measured) -> Iterator[tuple[float, int]]:
    """`(seconds, user)` of each entry in the order of time, for ever. `seconds` as in `Warp`."""
    warp = Warp(measured, random.Random(f"{seed}/crowd"))
    waits, queue = [], []
    for user in range(users):
        chance = random.Random(f"{seed}/gaps/{user}")
        waits.append(gaps(measured, chance))
        queue.append((next(waits[user]) * chance.random(), user))
    heapq.heapify(queue)
    while queue:
        warped, user = queue[0]
        yield warp.real(warped), user
        heapq.heapreplace(queue, (warped + next(waits[user]), user))
