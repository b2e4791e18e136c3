"""What an analyst sees, on a small lake of their own."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lake import tables
from lake.catalogue import connect
from lake.tables import silver
from settings import Settings
from tests.views.cast import ALICE, BOB

LIKES = silver("likes")


@pytest.fixture
def lake(tmp_path: Path) -> Settings:
    """Two versions of the likes: one like, then another."""
    found = Settings(state_dir=tmp_path)
    tables.create(found)
    for pos, user_id in enumerate((ALICE, BOB)):
        row = dict.fromkeys(LIKES.schema.names) | {
            "kind": "Liked",
            "user_id": user_id,
            "tweet_id": 10,
            "partition": 0,
            "pos": pos,
        }
        rows = pa.Table.from_pylist([row], schema=LIKES.columns)
        write_deltalake(LIKES.open(found), rows, mode="append")
    return found


def test_every_table_of_the_lake_is_a_view_with_its_comment(lake: Settings) -> None:
    with connect(lake) as session:
        found = session.execute(
            "SELECT schema_name || '/' || view_name, comment FROM duckdb_views() "
            "WHERE NOT internal AND schema_name <> 'main'"
        ).fetchall()
    assert dict(found) == {table.name: table.doc for table in tables.tables()}


def test_every_column_says_what_it_is(lake: Settings) -> None:
    for table in tables.tables():
        for column in table.open(lake).schema().fields:
            assert column.metadata.get("comment"), f"{table.name}.{column.name}"


def test_sql_counts_what_happened(lake: Settings) -> None:
    with connect(lake) as session:
        assert session.sql(
            "SELECT tweet_id, count(*) FROM silver.likes WHERE kind = 'Liked' GROUP BY tweet_id"
        ).fetchall() == [(10, 2)]


def test_time_travel_shows_the_table_as_it_was(lake: Settings) -> None:
    before = LIKES.open(lake).version() - 1
    with connect(lake, version=lambda t: before if t.name == LIKES.name else None) as session:
        assert session.sql("SELECT user_id FROM silver.likes").fetchall() == [(ALICE,)]
