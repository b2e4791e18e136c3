"""How do two totals of one key become one?

Every merge is associative and commutative, so it does not matter which layer adds what first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Merge:
    """A named way to merge whole numbers. `zero` merged with `x` is `x`."""

    name: str
    zero: int
    combine: Callable[[int, int], int]

    def over(self, values: Iterable[int]) -> int:
        total = self.zero
        for value in values:
            total = self.combine(total, value)
        return total


SUM = Merge("SUM", 0, lambda a, b: a + b)
MAX = Merge("MAX", 0, max)  # of values that are never negative
