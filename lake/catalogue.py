"""How does an analyst see the whole lake in one SQL session?

    ./starling sql "SELECT kind, count(*) FROM silver.likes GROUP BY kind"

Each table of the lake is a view of DuckDB under `bronze`, `silver`, `gold` and `ledger`, with its
comments. The session is in memory and can change nothing: what it reads are Delta tables.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from lake import tables
from lake.tables import Table
from settings import Settings


def quoted(text: str) -> str:
    """As a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def connect(
    settings: Settings, *, version: Callable[[Table], int | None] = lambda _table: None
) -> duckdb.DuckDBPyConnection:
    """A session with a view for every table that the lake has.

    `version` says which version of a table to read; None is the newest. Raises
    `deltalake.exceptions.DeltaError` where the lake no longer has that version.
    """
    session = duckdb.connect(config={"autoinstall_known_extensions": False})
    for table in tables.tables():
        if not (table.path(settings) / "_delta_log").exists():
            continue
        schema, name = table.name.split("/")
        delta = table.open(settings, version=version(table))
        session.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        session.register(f"_{schema}_{name}", delta.to_pyarrow_dataset())
        session.execute(f"CREATE VIEW {schema}.{name} AS FROM _{schema}_{name}")
        session.execute(f"COMMENT ON VIEW {schema}.{name} IS {quoted(table.doc)}")
    return session
