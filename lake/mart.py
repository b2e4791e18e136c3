"""What do BI tools find in their PostgreSQL?

The tables of the lake but bronze, under the same names, as an analyst sees them (lake/seen.py),
each column with its comment. A load copies what differs from the last one: the days whose files
changed where a table lies by day, else the table. All tables move in one transaction, so joins
agree. Tables are unlogged: what a crash empties the next load fills.
"""

from __future__ import annotations

import psycopg
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from psycopg import sql

from lake.copying import replace, replace_days
from lake.pseudonyms import Pseudonyms, key_of
from lake.seen import Seen, seen_schema
from lake.table import Table
from lake.tables import BRONZE, tables
from settings import Settings, made_once

DATABASE, READER, OWNER = "lake", "analyst", "starling"
LOCK_SECONDS = 2  # a load waits so long for queries to end, then the next one tries
LOADED = sql.Identifier("starling", "loaded")


def owner_password(settings: Settings) -> str:
    return made_once(settings.state_dir / "analysts" / "bi-owner.password")


def owner_url(settings: Settings) -> str:
    address = f"{settings.host}:{settings.bi_port}/{DATABASE}"
    return f"postgresql://{OWNER}:{owner_password(settings)}@{address}"


def password(settings: Settings) -> str:
    """The analysts' password: the configured one, else one made once."""
    return settings.bi_password or made_once(settings.state_dir / "analysts" / "bi.password")


def load(connection: psycopg.Connection, settings: Settings) -> dict[str, int]:
    """Brings the copy up to the lake, in one transaction; returns rows written by table.

    Raises `psycopg.errors.LockNotAvailable` where a query holds a table: nothing is changed then.
    """
    pseudonyms = Pseudonyms(key_of(settings))
    written = {}
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS starling"))
        connection.execute(
            sql.SQL(
                "CREATE UNLOGGED TABLE IF NOT EXISTS {} "
                "(name text PRIMARY KEY, version bigint, made_of text)"
            ).format(LOADED)
        )
        for table in tables():
            if table is not BRONZE:
                rows = _bring(connection, settings, table, pseudonyms)
                written |= {table.name: rows} if rows is not None else {}
    return written


def _bring(
    connection: psycopg.Connection, settings: Settings, table: Table, pseudonyms: Pseudonyms
) -> int | None:
    """Copies what is new of a table; None where nothing is."""
    delta = table.open(settings)
    made_of = f"{seen_schema(table).to_string()} {pseudonyms.of(1)}"  # columns, and which key
    found = connection.execute(
        sql.SQL("SELECT version, made_of FROM {} WHERE name = %s").format(LOADED), [table.name]
    ).fetchone()
    same = found is not None and found[1] == made_of
    if found is not None and same and found[0] == delta.version():
        return None
    days = _changed_days(table, settings, delta, found[0]) if found is not None and same else None
    seen = Seen(table, delta.to_pyarrow_dataset(), pseudonyms)
    if days is None:
        rows = replace(connection, table, seen)
    else:
        rows = replace_days(connection, table, seen, days)
    connection.execute(
        sql.SQL(
            "INSERT INTO {} VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE "
            "SET version = excluded.version, made_of = excluded.made_of"
        ).format(LOADED),
        [table.name, delta.version(), made_of],
    )
    return rows


def _changed_days(
    table: Table, settings: Settings, new: DeltaTable, version: int
) -> list[str] | None:
    """The days whose files are others than at `version`; None where that cannot be told."""
    if table.partition_by != ("day",):
        return None
    try:
        old = table.open(settings, version=version)
    except DeltaError:  # its log was cleaned up
        return None
    before, after = (_files(delta) for delta in (old, new))
    return sorted(day for day in before.keys() | after.keys() if before.get(day) != after.get(day))


def _files(delta: DeltaTable) -> dict[str, set[str]]:
    files: dict[str, set[str]] = {}
    added = pa.table(delta.get_add_actions(flatten=True))
    for path, day in zip(
        added["path"].to_pylist(), added["partition.day"].to_pylist(), strict=True
    ):
        files.setdefault(str(day), set()).add(path)
    return files
