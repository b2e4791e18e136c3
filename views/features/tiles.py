"""What are an entity's features, from batch's tiles and the speed layer's epochs?

Batch holds totals of whole epochs, hours and days: *tiles*, each a total for every measure. A tile
is written when all of it is over, so it never changes, and a reader takes those before the pointer.
From the pointer on it takes the speed layer's epochs, as `views/seam.py` does.

    epochs   ...|. . . . . . . . . . . .|. . . . . . . . . . . .|. . . . . .|. .
    batch       [-------- hour ---------][-------- hour --------][e][e][e][e]
    speed                                                       pointer   ->|e|e

As text `d20785=3,0,1 h498840=1 f=5986080`: totals in the order of the view's measures, up to the
last that is not 0.
`f` are the epochs in which what stands came, or went (below zero), oldest first.

>>> Tiles.read("d20785=3,0,1 f=7,-9").text
'd20785=3,0,1 f=7,-9'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from views.features.tables import DAYS_WITH, STANDS, Feature, FeatureTable
from views.features.windows import DAY_MS, DAYS, EPOCHS, HOURS, Clock, Window

Totals = tuple[int, ...]
Epochs = Mapping[int, Mapping[str, int]]
"""By epoch the totals of measures, as the speed layer has them."""


@dataclass
class Tiles:
    """Batch's totals of one entity: by unit, by its number."""

    totals: dict[str, dict[int, Totals]] = field(
        default_factory=lambda: {DAYS: {}, HOURS: {}, EPOCHS: {}}
    )
    turns: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [
            f"{unit}{number}={_joined(found)}"
            for unit, numbers in self.totals.items()
            for number, found in sorted(numbers.items())
            if any(found)
        ]
        if self.turns:
            parts.append("f=" + ",".join(map(str, self.turns)))
        return " ".join(parts)

    @classmethod
    def read(cls, text: str | None) -> Tiles:
        made = cls()
        for part in (text or "").split():
            place, _, said = part.partition("=")
            totals = tuple(map(int, said.split(",")))
            if place == "f":
                made.turns = list(totals)
            else:
                made.totals[place[0]][int(place[1:])] = totals
        return made


def _joined(totals: Totals) -> str:
    found = list(totals)
    while not found[-1]:
        found.pop()
    return ",".join(map(str, found))


class Reading:
    """How to answer at one moment, for every entity of a table.

    `through` is the end of the windows, `pointer` that of what batch has published; `through` is
    not
    before `pointer`.
    """

    def __init__(self, table: FeatureTable, clock: Clock, through: int, pointer: int) -> None:
        self.table, self.through, self.pointer = table, through, pointer
        self._clock = clock
        self._place = {measure: n for n, measure in enumerate(table.view.measures)}
        self._zero = (0,) * len(self._place)
        windows = {f.window for f in table.features if f.window is not None}
        self._tiles = {w: dict(clock.tiles(w, through, pointer)) for w in windows}
        self._first = {w: self._speed_from(w) for w in windows}

    def values(self, tiles: Tiles, speed: Epochs) -> dict[str, int]:
        """The value of each feature."""
        recent = {e: found for e, found in speed.items() if self.pointer <= e < self.through}
        sums = {window: self._sums(window, tiles, recent) for window in self._tiles}
        return {f.name: self._value(f, sums, tiles, recent) for f in self.table.features}

    def _value(
        self, feature: Feature, sums: Mapping[Window, list[int]], tiles: Tiles, recent: Epochs
    ) -> int:
        if feature.kind == STANDS:
            return self._stands(feature, tiles, recent)
        assert feature.window is not None
        if feature.kind == DAYS_WITH:
            return len(set(self._days(feature, feature.window, tiles, recent)))
        return sum(sums[feature.window][self._place[m]] for m in feature.measures)

    def _sums(self, window: Window, tiles: Tiles, recent: Epochs) -> list[int]:
        held = [
            totals
            for unit, numbers in self._tiles[window].items()
            for number, totals in tiles.totals[unit].items()
            if number in numbers
        ]
        # Column by column, without a step of Python for each number: a busy entity has hundreds.
        sums = list(map(sum, zip_longest(self._zero, *held, fillvalue=0)))
        for epoch, found in recent.items():
            if epoch >= self._first[window]:
                for measure, total in found.items():
                    sums[self._place[measure]] += total
        return sums

    def _days(
        self, feature: Feature, window: Window, tiles: Tiles, recent: Epochs
    ) -> Iterator[int]:
        places = [self._place[m] for m in feature.measures]
        first, last = min(places), max(places) + 1  # measures of acts stand beside each other
        for unit, numbers in self._tiles[window].items():
            length = self._clock.unit_ms(unit)
            for number, totals in tiles.totals[unit].items():
                if number in numbers and any(totals[first:last]):
                    yield number * length // DAY_MS
        for epoch, found in recent.items():
            if epoch >= self._first[window] and any(found.get(m) for m in feature.measures):
                yield self._clock.number(DAYS, epoch)

    def _stands(self, feature: Feature, tiles: Tiles, recent: Epochs) -> int:
        came, went = feature.measures
        before = [turn for turn in tiles.turns if abs(turn) < self.pointer]
        stood = 1 if before and before[-1] > 0 else 0
        return stood + sum(f.get(came, 0) - f.get(went, 0) for f in recent.values())

    def _speed_from(self, window: Window) -> int:
        begin = self._clock.begin_ms(window, self.through)
        return max(self.pointer, -(-begin // self._clock.epoch_ms))


def speed_epochs(fields: Iterable[tuple[str, int]]) -> dict[int | None, dict[int, dict[str, int]]]:
    """The speed layer's totals by epoch, from the fields of a hash (`s:594:likes`, total).

    By the second id of a pair first, which its measures name (`s:594:likes 42`), else by None.
    """
    found: dict[int | None, dict[int, dict[str, int]]] = {}
    for name, total in fields:
        _side, epoch, said = name.split(":", 2)
        measure, _, beside = said.partition(" ")
        if total:
            epochs = found.setdefault(int(beside) if beside else None, {})
            epochs.setdefault(int(epoch), {})[measure] = total
    return found
