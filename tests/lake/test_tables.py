"""The tables are made once, documented, and keep up with the events."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.columns import comment
from lake.table import Table
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import ALICE, liked
from tests.views.records import log_of

every_table = pytest.mark.parametrize("table", tables.tables(), ids=lambda t: t.name)


@every_table
def test_every_column_says_what_it_means(table: Table, tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    for field in table.open(settings).schema().fields:
        assert field.metadata["comment"] == comment(field.name)


def test_making_the_tables_again_changes_nothing(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    archive(settings, bronze_rows(log_of([liked(ALICE, 10)])))
    before = [table.open(settings).version() for table in tables.tables()]
    tables.create(settings)
    assert [table.open(settings).version() for table in tables.tables()] == before


def test_a_column_that_came_later_is_added(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    path = tables.silver("likes").path(settings.model_copy(update={"state_dir": tmp_path / "old"}))
    older = pa.schema([f for f in tables.silver("likes").columns if f.name != "tweet_id"])
    write_deltalake(str(path), pa.Table.from_pylist([{"user_id": 1}], older))
    table = tables.silver("likes").create(
        settings.model_copy(update={"state_dir": tmp_path / "old"})
    )
    assert {f.name for f in table.schema().fields} == set(tables.silver("likes").schema.names)


def test_every_topic_of_events_has_silver() -> None:
    names = {table.name for table in tables.tables()}
    assert {f"silver/{topic}" for topic in EVENT_TOPICS} <= names
