"""The laws every FoldView is held to, over random histories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.histories import logs, recount, reordered
from tests.views.memory import fold
from tests.views.records import Record
from views.contract import FoldRow, FoldView
from views.registry import fold_views
from views.seam import batch_field, read_counts, speed_field

every_fold_view = pytest.mark.parametrize("view", fold_views(), ids=lambda v: v.name)


def served(
    view: FoldView, batch: dict[int, set[FoldRow]], speed: set[FoldRow], pointer: int
) -> dict[tuple[str, int, str], int]:
    """What readers see: the hashes as publisher and speed sink write them, read at the seam.

    `batch` maps each `through` a run has written to the rows of the epochs before it.
    """
    hashes: dict[int, dict[str, str]] = {}
    for through, rows in batch.items():
        totals: dict[tuple[int, str], int] = {}
        for row in rows:
            place = (row.key, row.measure)
            totals[place] = view.merge.combine(totals.get(place, view.merge.zero), row.total)
        for (key, measure), total in totals.items():
            hashes.setdefault(key, {})[batch_field(through, measure)] = str(total)
    for row in speed:
        hashes.setdefault(row.key, {})[speed_field(row.epoch, row.measure)] = str(row.total)
    return {
        (view.name, key, measure): total
        for key, fields in hashes.items()
        for measure, total in read_counts(view.merge, view.measures, fields, pointer).items()
        if total
    }


def expected(view: FoldView, log: list[Record]) -> dict[tuple[str, int, str], int]:
    return {place: total for place, total in recount(log).items() if place[0] == view.name}


def before(rows: set[FoldRow], epoch: int) -> set[FoldRow]:
    return {row for row in rows if row.epoch < epoch}


@every_fold_view
@given(log=logs, since=st.integers(1, 220))
def test_what_epochs_add_needs_only_what_is_known_of_the_things_they_tell_of(
    view: FoldView, log: list[Record], since: int
) -> None:
    assert fold(view, log, since) == fold(view, log) - before(fold(view, log), since)


@every_fold_view
@given(log=logs, through=st.integers(0, 220))
def test_batch_merged_with_speed_is_a_recount_of_the_log_wherever_the_seam_stands(
    view: FoldView, log: list[Record], through: int
) -> None:
    rows = fold(view, log)
    assert served(view, {through: before(rows, through)}, rows, through) == expected(view, log)


@every_fold_view
@given(log=logs, through=st.integers(0, 20), later=st.integers(1, 20))
def test_a_run_that_has_not_advanced_the_pointer_is_not_read(
    view: FoldView, log: list[Record], through: int, later: int
) -> None:
    rows = fold(view, log)
    half_a_run = {row for row in before(rows, through + later) if row.key % 2}
    batch = {through: before(rows, through), through + later: half_a_run}
    assert served(view, batch, rows, through) == expected(view, log)


@every_fold_view
@given(log=logs, through=st.integers(1, 20), drift=st.integers(-3, 3))
def test_batch_heals_what_speed_got_wrong(
    view: FoldView, log: list[Record], through: int, drift: int
) -> None:
    rows = fold(view, log)
    drifted = {r._replace(total=r.total + drift) if r.epoch < through else r for r in rows}
    assert served(view, {through: before(rows, through)}, drifted, through) == expected(view, log)


@every_fold_view
@given(log=logs, data=st.data())
def test_reordering_between_partitions_changes_nothing(
    view: FoldView, log: list[Record], data: st.DataObject
) -> None:
    assert fold(view, data.draw(reordered(log))) == fold(view, log)


@every_fold_view
@given(log=logs)
def test_no_total_of_all_epochs_is_negative(view: FoldView, log: list[Record]) -> None:
    assert all(t > 0 for t in served(view, {}, fold(view, log), 0).values())
