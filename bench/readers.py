"""Who reads a home timeline, and how often? A pattern for benches of what is read.

Measured read rates of a social network are not public. The pattern here is stated, so that a figure
can be judged: a third of the readers are away, and of the others the reads a day are log-normal, as
the activity of people mostly is: `MEDIAN_A_DAY` for one in the middle, `SIGMA` wide. One in ten of
them reads less than once in two days, one in ten more than eighteen times a day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

AWAY = 1 / 3
MEDIAN_A_DAY = 3.0
SIGMA = 1.4


def reads_a_day(readers: Iterable[int], seed: str) -> dict[int, float]:
    """The rate of each reader; 0 for one who is away."""
    chance = random.Random(f"{seed}/readers")
    return {
        reader: 0.0
        if chance.random() < AWAY
        else chance.lognormvariate(math.log(MEDIAN_A_DAY), SIGMA)
        for reader in sorted(readers)
    }


def reads_of(rates: dict[int, float], days: float, seed: str) -> dict[int, int]:
    """How often each reads in so many days: the expected number, rounded by chance."""
    chance = random.Random(f"{seed}/reads/{days}")
    return {reader: int(rate * days + chance.random()) for reader, rate in rates.items()}
