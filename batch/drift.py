"""By how much did the speed layer differ from the lake, epoch by epoch? The arithmetic alone.

Of counts the totals are compared, of rows whether they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Key = int | tuple[int, ...]


class Cell(NamedTuple):
    """What is compared: a measure of a key in one epoch. A pair's key is two ids."""

    key: Key
    measure: str
    epoch: int


@dataclass
class Drift:
    """The comparison of all keys for one measure in one epoch; of rows the store is the measure."""

    measure: str
    epoch: int
    keys: int = 0
    differing: int = 0
    lake_total: int = 0
    speed_total: int = 0
    absolute_difference: int = 0
    example_key: int | None = None
    _worst: int = 0

    def add(self, key: Key, lake: int, speed: int) -> None:
        self.keys += 1
        self.lake_total += lake
        self.speed_total += speed
        difference = abs(lake - speed)
        if difference:
            self.differing += 1
            self.absolute_difference += difference
            if difference > self._worst:
                self._worst, self.example_key = difference, _example(key)

    def add_row(self, key: Any, *, lake: bool, served: bool, differs: bool) -> None:
        """A row that stands in the lake or not, and in a store or not, and may differ besides."""
        self.keys += 1
        self.lake_total += lake
        self.speed_total += served
        if differs:
            self.differing += 1
            self.absolute_difference += 1
            if self.example_key is None:
                self.example_key = _example(key)

    def row(self) -> dict[str, int | str | None]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


def _example(key: Any) -> Any:
    """One id of the key."""
    return key[-1] if isinstance(key, tuple) else key


def drifts(lake: Mapping[Cell, int], speed: Mapping[Cell, int]) -> list[Drift]:
    """One `Drift` for each measure and epoch in which either has a total; an absent one is 0.

    >>> [found] = drifts({Cell(7, "like_count", 3): 2}, {Cell(8, "like_count", 3): 1})
    >>> found.keys, found.differing, found.absolute_difference, found.example_key
    (2, 2, 3, 7)
    """
    found: dict[tuple[str, int], Drift] = {}
    for cell in lake.keys() | speed.keys():
        place = (cell.measure, cell.epoch)
        drift = found.setdefault(place, Drift(*place))
        drift.add(cell.key, lake.get(cell, 0), speed.get(cell, 0))
    return [found[place] for place in sorted(found)]


def told(found: Sequence[Drift]) -> dict[str, int]:
    """All of them in three numbers, for who only wants to know whether anything differs."""
    return {
        "compared": sum(drift.keys for drift in found),
        "differing": sum(drift.differing for drift in found),
        "absolute_difference": sum(drift.absolute_difference for drift in found),
    }


def speed_cells(
    key: int, fields: Mapping[bytes, bytes], measures: Iterable[str], epochs: range
) -> Iterator[tuple[Cell, int]]:
    """The speed totals in a key's hash, of these epochs; those that are zero are left out.

    A measure that names another id, `likes 42`, is one of the pair of both.

    >>> dict(speed_cells(7, {b"s:3:likes 42": b"1", b"b:3:likes": b"5"}, ["likes"], range(3, 4)))
    {Cell(key=(7, 42), measure='likes', epoch=3): 1}
    """
    wanted = frozenset(measures)
    for field, value in fields.items():
        side, epoch, named = field.decode().split(":", 2)
        measure, _, other = named.partition(" ")
        if side == "s" and int(epoch) in epochs and measure in wanted and int(value):
            yield Cell((key, int(other)) if other else key, measure, int(epoch)), int(value)
