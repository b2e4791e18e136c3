"""What changed in a table between two of its versions?

    ./starling changes gold.tweet_counts                            # the versions there are
    ./starling changes gold.tweet_counts --since 2026-01-31T12:00

Rows are compared, not commits: those of files that only one of the two versions has. A run that
replaced rows by the same ones, or joined small files, changed nothing. The answer has the columns
of Delta's change data feed (`_change_type` before those of the table), whoever wrote the table and
however (docs/decisions/0131-changes-are-a-difference-of-rows.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb
import pyarrow.dataset as ds
from deltalake import DeltaTable

from lake.privacy import Role
from lake.pseudonyms import Pseudonyms, key_of
from lake.seen import Seen, seen_schema
from lake.table import Table
from lake.travel import as_of
from settings import Settings

Moment = int | datetime
"""A version of a table, or a time with its zone: the version that stood then."""


class VersionGone(LookupError):
    """Files of that version were removed: it is older than the table keeps them."""

    def __init__(self, table: Table, version: int) -> None:
        super().__init__(f"version {version} of {table.name} is no longer kept; ask a later one")


class Version(NamedTuple):
    """A commit of a table."""

    version: int
    at: datetime
    operation: str
    said: str  # the user metadata, of a run its `through`


def versions(table: Table, settings: Settings, limit: int = 100) -> Iterator[Version]:
    """The last commits of the table, newest first."""
    for commit in table.open(settings).history(limit):
        at = datetime.fromtimestamp(commit["timestamp"] / 1000, UTC)
        yield Version(commit["version"], at, commit["operation"], commit.get("userMetadata", ""))


def changes(
    table: Table,
    settings: Settings,
    since: Moment,
    until: Moment | None = None,
    role: Role = Role.OWNER,
) -> duckdb.DuckDBPyRelation:
    """The rows that only one of both versions has, behind `_change_type`: `insert`, `delete`, and
    where the key stands in both, `update_preimage` and `update_postimage`. `until` is now where it
    is not said. Raises `VersionGone`; `deltalake`'s own error for a version that never was.
    """
    old, new = _open(table, settings, since), _open(table, settings, until)
    before, after = old.to_pyarrow_dataset(), new.to_pyarrow_dataset()
    had, has = ({f.path: f for f in rows.get_fragments()} for rows in (before, after))
    _require(table, settings, old, had.keys() - has.keys())
    _require(table, settings, new, has.keys() - had.keys())
    database = duckdb.connect()
    for name, rows, mine, other in (("before", before, had, has), ("after", after, has, had)):
        only = [mine[path] for path in mine.keys() - other.keys()]
        left = ds.FileSystemDataset(only, rows.schema, rows.format, rows.filesystem)
        _register(database, settings, table, name, left, role)
    return database.sql(_difference(table))


def _difference(table: Table) -> str:
    """SQL over `before` and `after`; a key is unique in each."""
    key = ", ".join(f'"{name}"' for name in table.key)

    def side(rows: str, other: str, alone: str, both: str) -> str:
        if not key:
            return f"SELECT '{alone}' AS _change_type, * FROM {rows}"
        return (
            f"SELECT CASE WHEN found THEN '{both}' ELSE '{alone}' END AS _change_type, {rows}.* "
            f"FROM {rows} LEFT JOIN (SELECT {key}, TRUE AS found FROM {other}) USING ({key})"
        )

    return (
        "WITH gone AS MATERIALIZED (FROM before EXCEPT ALL FROM after), "
        "came AS MATERIALIZED (FROM after EXCEPT ALL FROM before) "
        f"{side('gone', 'came', 'delete', 'update_preimage')} UNION ALL "
        f"{side('came', 'gone', 'insert', 'update_postimage')}"
    )


def _open(table: Table, settings: Settings, moment: Moment | None) -> DeltaTable:
    if isinstance(moment, datetime):
        return as_of(table, settings, moment)
    return table.open(settings, version=moment)


def _require(table: Table, settings: Settings, delta: DeltaTable, paths: set[str]) -> None:
    """That the files which have to be read are there."""
    folder = table.path(settings)
    if not all((folder / path).exists() for path in paths):
        raise VersionGone(table, delta.version())


def _register(
    database: duckdb.DuckDBPyConnection,
    settings: Settings,
    table: Table,
    name: str,
    rows: ds.Dataset,
    role: Role,
) -> None:
    """The rows as the view `name`, all columns of the table in order; null: not there yet then."""
    if role is Role.ANALYST:
        seen = Seen(table, rows, Pseudonyms(key_of(settings)))
        database.register(f"{name}_rows", seen)
        columns, there = seen_schema(table), set(seen_schema(table).names)
    else:
        database.register(f"{name}_rows", rows)
        columns, there = table.schema, set(rows.schema.names)
    picked = ", ".join(f'"{f.name}"' if f.name in there else f'NULL AS "{f.name}"' for f in columns)
    database.execute(f"CREATE TEMP VIEW {name} AS SELECT {picked} FROM {name}_rows")
