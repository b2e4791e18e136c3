"""Spark computes what memory computes: the shared cases and random histories, side by side.

All histories lie in one lake, the ids of each apart from those of the others, so that one session
of Spark serves all tests here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from batch import silver
from batch.snapshots import parameters
from ingest.topics import EVENT_TOPICS
from lake import tables
from settings import Settings
from tests.batch.environment import run
from tests.lake.filling import archive, bronze_rows, lake_in, side_by_side
from tests.laws.histories import recount, some_histories
from tests.views.cases import BY_ID, CASES, Case
from tests.views.memory import fold, snapshot, state
from tests.views.random_histories import busy_history, random_history
from tests.views.records import Record, log_of
from views.contract import FoldView, SnapshotView, StateView
from views.home_timeline import READERS, home_timelines
from views.registry import SNAPSHOTS, fold_views, state_views

pytestmark = pytest.mark.engines

APART = 10_000
RANDOM = 40
CAP = 3  # of timelines, so that short histories reach it


@dataclass
class Computed:
    """What Spark made of `log`."""

    settings: Settings
    log: list[Record]
    rows: dict[str, list[list[Any]]]
    home: dict[str, list[int]]
    own: dict[str, list[int]]
    snapshots: dict[str, list[list[Any]]]
    since: dict[str, list[int]]
    through: list[int]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    chance = random.Random(12)
    last = [random_history(chance) for _ in range(RANDOM)]
    histories = [*(case.events for case in CASES), *some_histories(20, seed=11)]
    histories += [busy_history(chance), *last]
    # Over some days, as the fold goes by days.
    log = log_of(side_by_side(histories, APART), partitions=3, ms_apart=100_000)
    few = {"timeline_cap": CAP, "celebrity_followers": 3, "celebrity_keep_followers": 2}
    settings = lake_in(tmp_path_factory.mktemp("lake")).model_copy(update=few)
    archive(settings, bronze_rows(log))
    through = log[-1].epoch + 1
    for topic in EVENT_TOPICS:
        silver.refine(settings, topic, through)
    numbers = json.dumps(parameters(settings, through))
    runs = [str(through // 2), str(through)]
    done = run(settings, "-m", "tests.batch.run_spark", *runs, numbers)
    assert done.code == 0, done.said
    return Computed(settings, log, **done.result)


def totals(table: Path, view: FoldView) -> Iterator[tuple[int, str, int]]:
    for row in DeltaTable(str(table)).to_pyarrow_table().to_pylist():
        yield from ((row["key"], m, row[m]) for m in view.measures if row[m])


@pytest.mark.parametrize("view", fold_views(), ids=lambda v: v.name)
def test_totals_are_those_of_memory(view: FoldView, spark: Computed) -> None:
    found = set(totals(tables.gold(view).path(spark.settings), view))
    memory: dict[tuple[int, str], int] = {}
    for row in fold(view, spark.log):
        place = (row.key, row.measure)
        memory[place] = memory.get(place, 0) + row.total
    assert found == {(*place, total) for place, total in memory.items() if total}


@pytest.mark.parametrize("view", BY_ID, ids=lambda v: v.name)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_case_gives_its_totals(case: Case, view: FoldView, spark: Computed) -> None:
    base = CASES.index(case) * APART
    found = {
        (key - base, measure): total
        for key, measure, total in totals(tables.gold(view).path(spark.settings), view)
        if base <= key < base + APART
    }
    assert found == case.totals(view.name)


@pytest.mark.parametrize("view", fold_views(), ids=lambda v: v.name)
def test_totals_are_those_of_a_count_by_hand(view: FoldView, spark: Computed) -> None:
    by_hand = {
        (key, measure, total)
        for (name, key, measure), total in recount(
            [r for r in spark.log if r.position.topic != "accounts"]
        ).items()
        if name == view.name
    }
    assert set(totals(tables.gold(view).path(spark.settings), view)) == by_hand


def test_a_run_folds_the_days_since_the_last_one_alone(spark: Computed) -> None:
    day = 86_400 // spark.settings.epoch_seconds
    twice = [since for since in spark.since.values() if len(since) == len(spark.through)]
    assert twice
    for since in twice:
        assert since == [0, *(n // day * day for n in spark.through[:-1])]
    assert spark.through[0] > day  # so that an earlier day stands as it is


@pytest.mark.parametrize("view", fold_views(), ids=lambda v: v.name)
def test_each_epoch_adds_what_it_adds_in_memory(view: FoldView, spark: Computed) -> None:
    rows = tables.gold_by_epoch(view).open(spark.settings).to_pyarrow_table().to_pylist()
    found = {(r["key"], r["measure"], r["epoch"], r["total"]) for r in rows}
    assert found == {tuple(row) for row in fold(view, spark.log)}


@pytest.mark.parametrize("view", state_views(), ids=lambda v: v.name)
def test_rows_are_those_of_memory(view: StateView, spark: Computed) -> None:
    def place(key: Any) -> Any:
        return tuple(key) if isinstance(key, list) else key

    found = {
        place(json.loads(key)): json.loads(row)
        for key, row, _pos in spark.rows[view.name]
        if row is not None
    }
    assert found == state(view, spark.log)


@pytest.mark.parametrize("view", SNAPSHOTS, ids=lambda v: v.name)
def test_what_is_decided_is_decided_as_in_memory(view: SnapshotView, spark: Computed) -> None:
    keys = len(view.key)
    found = {
        tuple(row[:keys]): dict(zip(view.columns, row[keys:], strict=True))
        for row in spark.snapshots[view.name]
    }
    numbers = parameters(spark.settings, spark.log[-1].epoch + 1)
    memory = snapshot(view, spark.log, numbers)
    assert memory
    assert set(found) == set(memory)
    for key, row in memory.items():
        assert found[key] == pytest.approx(row), key


def test_timelines_are_those_of_memory(spark: Computed) -> None:
    entries = state(next(v for v in state_views() if v.name == "user_timeline"), spark.log)
    tweets: dict[int, list[int]] = {}
    for author, id in entries:
        tweets.setdefault(author, []).append(id)
    edges: dict[tuple[int, int], bool] = {}
    for record in spark.log:
        for relation, reader, author in READERS:
            if isinstance(record.event, relation.on | relation.off):
                edge = (getattr(record.event, reader), getattr(record.event, author))
                edges[edge] = isinstance(record.event, relation.on)
    standing = [edge for edge, stands in edges.items() if stands]
    memory = home_timelines(standing, tweets, cap=CAP)
    assert {int(k): v for k, v in spark.home.items()} == {k: v for k, v in memory.items() if v}
    assert {int(k): v for k, v in spark.own.items()} == {
        author: sorted(ids, reverse=True)[:CAP] for author, ids in tweets.items()
    }
