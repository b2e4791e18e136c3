"""How does an analyst ask the lake?

    ./starling sql "SELECT kind, count(*) FROM silver.likes GROUP BY kind"
    ./starling sql "FROM columns"       # every table and column, with its meaning

    with connect(settings, when) as lake:               # in Python, as it stood at a time
        lake.sql("SELECT sum(like_count) FROM gold.tweet_counts").show()

Every table is a DuckDB view of the same name, `bronze.events` to `ledger.drift`; filters and
columns are pushed down into the Delta tables. It only reads: ask as much as you like.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from lake.columns import comment
from lake.tables import BRONZE, Table, tables
from lake.travel import as_of
from settings import Settings

# A record's bytes as text, null where they are none.
AS_TEXT = "* REPLACE (TRY(decode(key)) AS key, TRY(decode(value)) AS value)"


def connect(settings: Settings, when: datetime | None = None) -> duckdb.DuckDBPyConnection:
    """A connection with a view for each table, as it stands or as it stood at `when`, and the table
    `columns`, which says what each column means. Raises `TableNotFoundError` before `starling up`.
    """
    connection = duckdb.connect()
    connection.execute(
        'CREATE TABLE columns ("table" VARCHAR, "column" VARCHAR, type VARCHAR, meaning VARCHAR)'
    )
    for table in tables():
        delta = table.open(settings) if when is None else as_of(table, settings, when)
        _add(connection, table, delta.to_pyarrow_dataset())
    return connection


def _add(connection: duckdb.DuckDBPyConnection, table: Table, rows: object) -> None:
    schema, name = table.name.split("/")
    source = f"{schema}_{name}_rows"
    connection.register(source, rows)
    selected = AS_TEXT if table is BRONZE else "*"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"CREATE TEMP VIEW {source}_view AS SELECT {selected} FROM {source}")
    connection.execute(f"CREATE VIEW {schema}.{name} AS SELECT * FROM {source}_view")
    connection.executemany(
        "INSERT INTO columns VALUES (?, ?, ?, ?)",
        [(f"{schema}.{name}", f.name, str(f.type), comment(f.name)) for f in table.schema],
    )
