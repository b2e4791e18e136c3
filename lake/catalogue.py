"""How does an analyst ask the lake?

    ./starling sql "SELECT kind, count(*) FROM silver.likes GROUP BY kind"
    ./starling sql "FROM columns"       # every table and column, with its meaning

    with connect(settings, when) as lake:               # in Python, as it stood at a time
        lake.sql("SELECT sum(like_count) FROM gold.tweet_counts").show()

Every table is a DuckDB view of the same name, `bronze.events` to `ledger.drift`; filters and
columns are pushed down into the Delta tables. It only reads: ask as much as you like.

Under the role of an analyst the views are of the same names and columns, in pseudonyms
(lake/seen.py), and the session reaches nothing else: no file, no network, no other setting.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from lake.privacy import Role
from lake.pseudonyms import Pseudonyms, key_of
from lake.seen import Seen, meaning, seen_schema, shown
from lake.table import Table
from lake.tables import BRONZE, dotted, tables
from lake.travel import as_of
from settings import Settings

# A record's bytes as text, null where they are none.
AS_TEXT = "* REPLACE (TRY(decode(key)) AS key, TRY(decode(value)) AS value)"
CLOSED = """
SET python_enable_replacements = FALSE;
SET autoinstall_known_extensions = FALSE;
SET autoload_known_extensions = FALSE;
SET enable_external_access = FALSE;
SET lock_configuration = TRUE;
"""


def connect(
    settings: Settings, when: datetime | None = None, role: Role = Role.OWNER
) -> duckdb.DuckDBPyConnection:
    """A connection with a view for each table, as it stands or as it stood at `when`, and the table
    `columns`, which says what each column means. Raises `TableNotFoundError` before `starling up`.
    """
    connection = duckdb.connect()
    connection.execute(
        'CREATE TABLE columns ("table" VARCHAR, "column" VARCHAR, type VARCHAR, meaning VARCHAR, '
        "analysts_see VARCHAR)"
    )
    pseudonyms = Pseudonyms(key_of(settings)) if role is Role.ANALYST else None
    for table in tables():
        delta = table.open(settings) if when is None else as_of(table, settings, when)
        rows = delta.to_pyarrow_dataset()
        if pseudonyms is None:
            selected = AS_TEXT if table is BRONZE else "*"
            _add(connection, table, rows, selected)
        else:
            _add(connection, table, Seen(table, rows, pseudonyms), "*")
        _explain(connection, table, role)
    if role is Role.ANALYST:
        connection.execute(CLOSED)
    return connection


def _add(connection: duckdb.DuckDBPyConnection, table: Table, rows: object, selected: str) -> None:
    schema, name = table.name.split("/")
    source = f"{schema}_{name}_rows"
    connection.register(source, rows)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"CREATE TEMP VIEW {source}_view AS SELECT {selected} FROM {source}")
    connection.execute(f"CREATE VIEW {schema}.{name} AS SELECT * FROM {source}_view")


def _explain(connection: duckdb.DuckDBPyConnection, table: Table, role: Role) -> None:
    """Says in `columns` what the table's columns mean."""
    fields = seen_schema(table) if role is Role.ANALYST else table.schema
    name = dotted(table)
    connection.executemany(
        "INSERT INTO columns VALUES (?, ?, ?, ?, ?)",
        [(name, f.name, str(f.type), meaning(f.name), shown(f.name)) for f in fields],
    )
