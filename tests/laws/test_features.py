"""The laws of features: online at any seam, and offline at any time, they are a count by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.features import CLOCK, by_hand, logs, moments
from tests.views.memory import fold, history
from tests.views.records import Record
from views.contract import FoldRow
from views.features.publication import tiles_of
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.tiles import Reading, Tiles, speed_epochs
from views.seam import speed_field

every_table = pytest.mark.parametrize("table", FEATURE_TABLES, ids=lambda t: t.name)
few = settings(max_examples=15)  # each runs some ten queries
Values = dict[tuple[int, ...], dict[str, int]]


def entity(table: FeatureTable, row: FoldRow) -> tuple[int, ...]:
    return (row.key, int(row.measure.split()[1])) if table.is_pair else (row.key,)


def online(
    table: FeatureTable, rows: Iterable[FoldRow], *, pointer: int, published: int, at_ms: int
) -> Values:
    """What a reader gets who sees `pointer` while a run through `published` has written tiles."""
    rows = list(rows)
    through = max(CLOCK.through_at(at_ms), pointer)
    reading = Reading(table, CLOCK, through, pointer)
    found = {}
    for ids in {entity(table, row) for row in rows}:
        own = [row for row in rows if entity(table, row) == ids]
        tiles = tiles_of(
            table, CLOCK,
            ((r.measure.split()[0], r.epoch, r.total) for r in own if r.epoch < published),
            pointer=pointer, through=published,
        )  # fmt: skip
        # What a hash of a viewer holds of other pairs is not in the way.
        fields = [(speed_field(r.epoch, r.measure), r.total) for r in rows if r.key == ids[0]]
        speed = speed_epochs(fields).get(ids[1] if table.is_pair else None, {})
        found[ids] = reading.values(Tiles.read(tiles.text), speed)
    return found


def offline(table: FeatureTable, rows: Iterable[FoldRow], at_ms: int) -> Values:
    """The newest row of each entity that could be known then."""
    names = (*table.entity, "through", *table.names)
    newest: dict[tuple[int, ...], tuple[int, ...]] = {}
    for row in history(table, CLOCK, rows):
        ids, through = row[: len(table.entity)], row[len(table.entity)]
        known = CLOCK.known_from_ms(through) <= at_ms
        if known and through >= newest.get(ids, (0,))[0]:
            newest[ids] = row[len(table.entity) :]
    skipped = len(table.entity) + 1
    return {ids: dict(zip(names[skipped:], row[1:], strict=True)) for ids, row in newest.items()}


def not_zero(table: FeatureTable, values: Values) -> dict[tuple[str, tuple[int, ...]], object]:
    told = {
        ids: {name: value for name, value in found.items() if value}
        for ids, found in values.items()
    }
    return {(table.name, ids): found for ids, found in told.items() if found}


def expected(table: FeatureTable, log: list[Record], at_ms: int) -> object:
    return {place: found for place, found in by_hand(log, at_ms).items() if place[0] == table.name}


@every_table
@few
@given(log=logs(), data=st.data())
def test_online_values_are_a_count_by_hand_wherever_the_seam_stands(
    table: FeatureTable, log: list[Record], data: st.DataObject
) -> None:
    at_ms = data.draw(moments(log))
    through = CLOCK.through_at(at_ms)
    back = data.draw(st.sampled_from([0, 1, 5, 1_000, 3_600, 90_000, 700_000]))
    pointer = through - back
    ahead = data.draw(st.sampled_from([0, 1, 60, 3_600, 90_000]))
    found = online(
        table, fold(table.view, log), pointer=pointer, published=pointer + ahead, at_ms=at_ms
    )
    assert not_zero(table, found) == expected(table, log, at_ms)


@every_table
@few
@given(log=logs(), data=st.data())
def test_offline_values_are_a_count_by_hand_at_any_time_whatever_happened_later(
    table: FeatureTable, log: list[Record], data: st.DataObject
) -> None:
    at_ms = data.draw(moments(log))
    found = offline(table, fold(table.view, log), at_ms)
    assert not_zero(table, found) == expected(table, log, at_ms)
    end_ms = CLOCK.through_at(at_ms) * CLOCK.epoch_ms
    before = [record for record in log if record.append_ms < end_ms]
    assert found == offline(table, fold(table.view, before), at_ms)
