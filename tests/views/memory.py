"""The in-memory engine: runs a view over a list of records, SQL by DuckDB and Python as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

import duckdb

from ingest.events.columns import log_columns
from lake import relations
from tests.views.records import Record
from views.contract import FoldRow, FoldView, Put, SnapshotView, StateView
from views.features.history import activity_sql, history_sql
from views.features.tables import FeatureTable
from views.features.windows import Clock

SQL_TYPES = {int: "BIGINT", str: "VARCHAR", bool: "BOOLEAN"}


_database = duckdb.connect()  # one for all: to open one takes longer than a history does


def fold(view: FoldView, records: Iterable[Record], since: int = 0) -> set[FoldRow]:
    """The rows of a FoldView of epoch `since` and later, those whose total is zero left out; from
    what is `touched` alone where `since` says so."""
    _log(view.topics, records)
    relations.declare(_database, view, since)
    rows = (FoldRow(*row) for row in _database.execute(view.sql).fetchall())
    return {row for row in rows if row.total != 0 and row.epoch >= since}


def history(table: FeatureTable, clock: Clock, rows: Iterable[FoldRow]) -> list[tuple[Any, ...]]:
    """All values that features ever had, by their own SQL, from the rows of their activity."""
    _database.execute(
        "CREATE OR REPLACE TABLE folded (key BIGINT, measure VARCHAR, epoch BIGINT, total BIGINT)"
    )
    if values := [*chain(*rows)]:
        marks = ", ".join(["(?, ?, ?, ?)"] * (len(values) // 4))
        _database.execute(f"INSERT INTO folded VALUES {marks}", values)
    _database.execute(f"CREATE OR REPLACE VIEW activity AS {activity_sql(table)}")
    return _database.execute(history_sql(table, clock)).fetchall()


def snapshot(
    view: SnapshotView, records: Iterable[Record], parameters: Mapping[str, float]
) -> dict[tuple[int, ...], dict[str, Any]]:
    """The rows of a SnapshotView, by their key."""
    _log(view.topics, records)
    for name, selected in view.inputs(parameters):
        _database.execute(f"CREATE OR REPLACE VIEW {name} AS {selected}")
    rows = _database.execute(view.sql).fetchall()
    names = (*view.key, *view.columns)
    split = len(view.key)
    return {row[:split]: dict(zip(names[split:], row[split:], strict=True)) for row in rows}


def _log(topics: Iterable[str], records: Iterable[Record]) -> None:
    """Fills the `<topic>_log` tables with the records."""
    records = list(records)
    for topic in topics:
        columns = log_columns(topic)
        declared = ", ".join(f"{name} {SQL_TYPES[type]}" for name, type in columns.items())
        _database.execute(
            f"CREATE OR REPLACE TABLE {topic}_log ({declared}, epoch BIGINT, pos BIGINT)"
        )
        rows = [
            [type(r.event).__name__ if c == "kind" else getattr(r.event, c, None) for c in columns]
            + [r.epoch, r.position.offset]
            for r in records
            if r.position.topic == topic
        ]
        if rows:
            marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(rows))
            _database.execute(f"INSERT INTO {topic}_log VALUES {marks}", [*chain(*rows)])


def state(view: StateView, records: Iterable[Record]) -> dict[Any, dict[str, Any]]:
    """The rows that stand at the end: for each key the change with the highest position."""
    latest: dict[Any, tuple[int, dict[str, Any] | None]] = {}
    for record in records:
        if not isinstance(record.event, view.events):
            continue
        for change in view.project(record.event):
            pos, _ = latest.get(change.key, (-1, None))
            if record.position.offset >= pos:
                row = change.row if isinstance(change, Put) else None
                latest[change.key] = (record.position.offset, row)
    return {key: row for key, (_, row) in latest.items() if row is not None}
