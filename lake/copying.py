"""How does a table of the lake get into PostgreSQL?

By COPY, a batch of Arrow at a time, as CSV that Arrow writes: no row is touched in Python.
"""

from __future__ import annotations

from io import BytesIO

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from psycopg import sql

from lake.seen import Seen, meaning, seen_schema
from lake.table import Table

TYPES = {
    pa.int64(): "bigint",
    pa.int32(): "integer",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.string(): "text",
    pa.date32(): "date",
}
CSV = csv.WriteOptions(include_header=False, quoting_style="all_valid")  # null is an empty field


def replace_days(connection: psycopg.Connection, table: Table, seen: Seen, days: list[str]) -> int:
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE day = ANY(%s::date[])").format(_name(table)), [days]
    )
    wanted = pc.field("day").isin(pa.array(days).cast(pa.date32()))
    return _copy(connection, _name(table), seen.reader(wanted))


def replace(connection: psycopg.Connection, table: Table, seen: Seen) -> int:
    """A new table in the place of the old one: who reads that one waits only for the change."""
    schema, name = table.name.split("/")
    new = sql.Identifier(schema, f"{name}_new")
    columns = sql.SQL(", ").join(
        sql.SQL("{} " + TYPES[field.type]).format(sql.Identifier(field.name))
        for field in seen_schema(table)
    )
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(new))
    connection.execute(sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(new, columns))
    rows = _copy(connection, new, seen.reader())
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_name(table)))
    connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(new, sql.Identifier(name)))
    _comment(connection, "TABLE", _name(table), table.doc)
    for field in seen_schema(table):
        column = sql.Identifier(schema, name, field.name)
        _comment(connection, "COLUMN", column, meaning(field.name))
    return rows


def _copy(connection: psycopg.Connection, into: sql.Identifier, rows: pa.RecordBatchReader) -> int:
    count = 0
    copied = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(into)
    with connection.cursor() as cursor, cursor.copy(copied) as copy:
        for batch in rows:
            buffer = BytesIO()
            csv.write_csv(_storable(batch), buffer, CSV)
            copy.write(buffer.getvalue())
            count += batch.num_rows
    return count


def _storable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """PostgreSQL's texts hold no zero bytes."""
    return pa.RecordBatch.from_arrays(
        [
            pc.replace_substring(column, "\0", "") if pa.types.is_string(column.type) else column
            for column in batch.columns
        ],
        schema=batch.schema,
    )


def _comment(connection: psycopg.Connection, kind: str, name: sql.Identifier, said: str) -> None:
    connection.execute(
        sql.SQL("COMMENT ON " + kind + " {} IS {}").format(name, sql.Literal(said.strip()))
    )


def _name(table: Table) -> sql.Identifier:
    return sql.Identifier(*table.name.split("/"))
