"""A lake through which all shared cases have lived: bronze, silver and gold of every view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from batch import silver
from ingest.events import AccountUpdated
from ingest.topics import EVENT_TOPICS
from lake import tables
from settings import Settings
from tests.lake.filling import archive, bronze_rows, fold_by_hand, lake_in, side_by_side
from tests.views.cases import CASES
from tests.views.cast import ALICE, BOB, NAMES, created
from tests.views.memory import fold
from tests.views.records import Record, log_of
from views.contract import FoldView
from views.registry import fold_views


def lived(folder: Path) -> Settings:
    """The lake, with ids that are no small numbers."""
    settings = lake_in(folder)
    people = [
        *map(created, NAMES),
        moved_to(ALICE, "London, at home"),
        moved_to(BOB, "around"),
    ]
    histories = [[], people, *(case.events for case in CASES)]
    fill(settings, log_of(side_by_side(histories, 7_000_003)))
    return settings


def moved_to(user_id: int, location: str) -> AccountUpdated:
    name = NAMES[user_id]
    return AccountUpdated(
        at_ms=0, id=user_id, username=name, name=name, created_at_ms=0, location=location
    )


def fill(settings: Settings, log: Iterable[Record]) -> int:
    """Archives the records, refines and folds them; returns the epoch it is complete through."""
    log = list(log)
    through = log[-1].epoch + 1
    archive(settings, bronze_rows(log))
    for topic in EVENT_TOPICS:
        silver.refine(settings, topic, through)
    for view in fold_views():
        _fold(settings, view, log, through)
    return through


def _fold(settings: Settings, view: FoldView, log: list[Record], through: int) -> None:
    """Gold as Spark would write it, which other tests hold it to."""
    totals: dict[int, dict[str, int]] = {}
    epochs = []
    days = {r.epoch: day_of(r) for r in log}
    for row in sorted(fold(view, log)):
        counted = totals.setdefault(row.key, dict.fromkeys(view.measures, 0))
        counted[row.measure] += row.total
        epochs.append(row._asdict() | {"day": days[row.epoch]})
    table = tables.gold_by_epoch(view)
    write_deltalake(
        table.open(settings), pa.Table.from_pylist(epochs, table.columns), mode="overwrite"
    )
    fold_by_hand(settings, view, through, {key: (row, through) for key, row in totals.items()})


def day_of(record: Record) -> date:
    return datetime.fromtimestamp(record.append_ms / 1000, UTC).date()
