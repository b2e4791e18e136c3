"""A lake through which all shared cases have lived: bronze, silver and gold of every view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import write_deltalake

from batch import silver
from ingest.events import AccountUpdated
from ingest.topics import EVENT_TOPICS
from lake import relations, tables
from settings import Settings
from tests.lake.filling import archive, bronze_rows, fold_by_hand, lake_in, side_by_side
from tests.views.cases import CASES
from tests.views.cast import ALICE, BOB, NAMES, created
from tests.views.records import Record, log_of
from views.contract import FoldRow, FoldView
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
    bring_up(settings, through)
    return through


def bring_up(settings: Settings, through: int) -> None:
    """Silver of all that is archived, and gold as Spark would write it, which other tests hold
    to the same SQL."""
    database = duckdb.connect()
    for topic in EVENT_TOPICS:
        silver.refine(settings, topic, through)
        rows = tables.silver(topic).open(settings).to_pyarrow_dataset()
        database.register(f"{topic}_log", rows)
    for view in fold_views():
        relations.declare(database, view)
        _write(
            settings, view, [FoldRow(*row) for row in database.sql(view.sql).fetchall()], through
        )


def _write(settings: Settings, view: FoldView, rows: list[FoldRow], through: int) -> None:
    totals: dict[int, dict[str, int]] = {}
    epochs = []
    for row in sorted(row for row in rows if row.total):
        counted = totals.setdefault(row.key, dict.fromkeys(view.measures, 0))
        counted[row.measure] += row.total
        day = datetime.fromtimestamp(row.epoch * settings.epoch_seconds, UTC).date()
        epochs.append(row._asdict() | {"day": day})
    table = tables.gold_by_epoch(view)
    write_deltalake(
        table.open(settings), pa.Table.from_pylist(epochs, table.columns), mode="overwrite"
    )
    before = {
        row["key"]: row for row in tables.gold(view).open(settings).to_pyarrow_table().to_pylist()
    }

    def since(key: int, row: dict[str, int]) -> int:
        """What did not change is as it was in the run in which it came to be."""
        old = before.get(key, {})
        same = all(old.get(measure) == total for measure, total in row.items())
        return old["through"] if same else through

    rows_of = {key: (row, since(key, row)) for key, row in totals.items()}
    fold_by_hand(settings, view, through, rows_of)
