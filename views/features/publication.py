"""Which tiles must batch publish of an entity, and of which entities?

A reader may still go by the pointer that stands while a run writes, so tiles are kept as far back
as its windows reach: epochs of an hour, hours of a day, days of 30. A tile is written in the first
run in which all of it is over: a run writes those entities anew that did something in an hour, or
in a day, that is over since the last. Once the pointer has moved, those of a day that has left the
longest window lose it.
"""

from __future__ import annotations

from collections.abc import Iterable

from views.features.tables import STANDS, FeatureTable
from views.features.tiles import Tiles
from views.features.windows import DAY, DAYS, EPOCHS, HOUR, HOURS, MONTH, Clock

KEPT = {EPOCHS: HOUR, HOURS: DAY, DAYS: MONTH}
"""How far back tiles of a unit are kept: as far as the window that begins at one."""

Row = tuple[str, int, int]
"""Measure, epoch, total."""


def tiles_of(
    table: FeatureTable, clock: Clock, rows: Iterable[Row], *, pointer: int, through: int
) -> Tiles:
    """The tiles of one entity for a run through `through` while readers go by `pointer`.

    `rows` are its activity before `through`: of measures of what stands all there ever was, of the
    others those from `oldest_epoch` on.
    """
    places = {measure: n for n, measure in enumerate(table.view.measures)}
    first = {
        unit: clock.begin_ms(window, pointer) // clock.unit_ms(unit)
        for unit, window in KEPT.items()
    }
    over = {unit: through * clock.epoch_ms // clock.unit_ms(unit) for unit in KEPT}
    found: dict[str, dict[int, list[int]]] = {unit: {} for unit in KEPT}
    turns: dict[int, int] = {}
    for measure, epoch, total in rows:
        for unit in KEPT:
            number = clock.number(unit, epoch)
            if first[unit] <= number < over[unit]:
                found[unit].setdefault(number, [0] * len(places))[places[measure]] += total
        for feature in table.features:
            if feature.kind == STANDS and measure in feature.measures:
                sign = 1 if measure == feature.measures[0] else -1
                turns[epoch] = turns.get(epoch, 0) + sign * total
    made = Tiles()
    made.totals = {
        unit: {number: tuple(totals) for number, totals in numbers.items()}
        for unit, numbers in found.items()
    }
    made.turns = _needed(sorted((e, turn) for e, turn in turns.items() if turn), pointer)
    return made


def _needed(turns: list[tuple[int, int]], pointer: int) -> list[int]:
    """Below the pointer the last one says what stands; a thing that went long ago needs none."""
    older = [epoch if turn > 0 else -epoch for epoch, turn in turns if epoch < pointer]
    newer = [epoch if turn > 0 else -epoch for epoch, turn in turns if epoch >= pointer]
    last = older[-1:] if older and (older[-1] > 0 or newer) else []
    return last + newer


def oldest_epoch(clock: Clock, pointer: int) -> int:
    """Activity before it is in no tile that a reader at `pointer`, or later, needs."""
    return clock.begin_ms(MONTH, pointer) // clock.epoch_ms


def changed(clock: Clock, pointer: int, through: int) -> tuple[int, int]:
    """Epochs `[first, end)` whose entities are written anew by a run from `pointer` to `through`:
    some hour of theirs, or day, is over only now."""
    began, over = pointer * clock.epoch_ms, through * clock.epoch_ms
    is_midnight_past = over // clock.unit_ms(DAYS) > began // clock.unit_ms(DAYS)
    unit = clock.unit_ms(DAYS if is_midnight_past else HOURS)
    return began // unit * unit // clock.epoch_ms, through


def gone(clock: Clock, before: int, pointer: int) -> tuple[int, int]:
    """Epochs `[first, end)` that have left the longest window since the pointer stood at `before`;
    their entities are written anew, or taken away, once it stands at `pointer`."""
    return oldest_epoch(clock, before), oldest_epoch(clock, pointer)
