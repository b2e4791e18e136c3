"""What was known of these entities at these times?

    ./starling features training-set --entities E.parquet --output OUT.parquet

Each row of E names entities, by columns of ids (`user_id`, `tweet_id`, `viewer_id` with
`author_id`), and a time, `at_ms`. OUT has the same rows in the same order, with the features of
each entity it names, as they could be known then: the newest row of `gold/features_<entity>` whose
`available_at_ms` is not after `at_ms` (an ASOF join). Whoever did nothing has zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake import tables
from lake.commits import last_run
from settings import Settings
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.windows import Clock


class BadEntities(ValueError):
    """The rows do not say whose features are wanted, or when."""


class NotKnownYet(ValueError):
    """Batch has not come as far as a time that was asked for."""

    def __init__(self, table: FeatureTable, asked_ms: int, until_ms: int) -> None:
        super().__init__(
            f"features of {table.name} are known for times before {until_ms}, not for "
            f"{asked_ms}: the DAG hourly_features makes them each hour"
        )


def training_set(settings: Settings, entities: pa.Table) -> pa.Table:
    """The rows with the features of what they name. Raises `BadEntities`, `NotKnownYet`."""
    found = named(entities)
    if not found:
        ids = "; ".join(", ".join(table.entity) for table in FEATURE_TABLES)
        raise BadEntities(f"no ids: name columns for one or more of {ids}")
    made = entities
    for table in found:
        values = known_at(settings, table, entities)
        for name in table.names:
            made = made.append_column(name, values[name])
    return made


def named(entities: pa.Table) -> list[FeatureTable]:
    """The tables whose ids the rows have. Raises `BadEntities`."""
    columns = set(entities.column_names)
    found = [table for table in FEATURE_TABLES if columns.issuperset(table.entity)]
    for name in ("at_ms", *(column for table in found for column in table.entity)):
        if name not in columns:
            raise BadEntities(f"no column {name}")
        if not pa.types.is_integer(entities.schema.field(name).type):
            raise BadEntities(f"column {name} holds no whole numbers")
        if entities[name].null_count:
            raise BadEntities(f"column {name} has nulls")
    if taken := columns & {name for table in found for name in table.names}:
        raise BadEntities(f"there are columns {', '.join(sorted(taken))} already")
    return found


def known_at(settings: Settings, table: FeatureTable, asked: pa.Table) -> pa.Table:
    """The features of one table, a row for each of `asked`, in its order. Raises `NotKnownYet`."""
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    gold = tables.features(table)
    last = last_run(gold, settings)
    until = clock.known_from_ms(last.through + 1) if last else 0
    if asked.num_rows and (latest := pc.max(asked["at_ms"]).as_py()) >= until:
        raise NotKnownYet(table, latest, until)
    rows = gold.open(settings).to_pyarrow_dataset()
    return join(table, asked, rows)


def join(table: FeatureTable, asked: pa.Table, rows: object) -> pa.Table:
    """The ASOF join alone, over `rows` as gold has them."""
    number = pa.array(range(asked.num_rows), pa.int64())
    wanted = asked.select([*table.entity, "at_ms"]).append_column("row_number", number)
    same = " AND ".join(f"asked.{name} = known.{name}" for name in table.entity)
    values = ", ".join(f"COALESCE(known.{name}, 0) AS {name}" for name in table.names)
    with duckdb.connect() as database:
        database.register("asked", wanted)
        database.register("lake", rows)
        database.execute(
            f"CREATE TABLE known AS SELECT * EXCLUDE (through, day) FROM lake "
            f"SEMI JOIN asked USING ({_listed(table.entity)})"
        )
        return database.sql(
            f"SELECT {values} FROM asked ASOF LEFT JOIN known "
            f"ON {same} AND asked.at_ms >= known.available_at_ms ORDER BY asked.row_number"
        ).to_arrow_table()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def write_training_set(settings: Settings, entities: Path, output: Path) -> int:
    """From file to file; returns how many rows."""
    made = training_set(settings, pq.read_table(entities))
    pq.write_table(made, output)
    return made.num_rows
