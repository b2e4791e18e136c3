"""How does DuckDB see what a count is made of, over the `<topic>_log` tables it has?"""

from __future__ import annotations

import duckdb

from views.contract import FoldView

KNOWN = "SELECT count(*) FROM duckdb_functions() WHERE function_name = ?"


def declare(database: duckdb.DuckDBPyConnection, view: FoldView, since: int = 0) -> None:
    """Makes the views that `view.sql` reads; from `since` on only what is `touched`, where said."""
    for relation in view.relations:
        told = relation.touched(since) if since else relation.sql
        database.execute(f"CREATE OR REPLACE VIEW {relation.name} AS {told}")
    for made in view.contributions:
        if database.execute(KNOWN, [made.function]).fetchall() == [(0,)]:
            database.create_function(made.function, made.of, ["VARCHAR"], "BIGINT[]")
        database.execute(
            f"CREATE OR REPLACE VIEW {made.name} AS "
            f"SELECT unnest({made.function}(came.key)) AS key, measure, epoch, delta "
            f"FROM ({made.sql}) AS came"
        )
