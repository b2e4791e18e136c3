"""What were the features of every user, tweet and pair, and from when on could they be known?

    python -m batch.features --through E [--full]

Folds what features are made of (`views/features/activity.py`) from silver, epoch by epoch, and
makes of it the rows of `gold/features_<entity>` (`views/features/history.py`), all by Spark. A run
writes the rows from the first epoch that is new, or was replaced, since the last run
(`batch/since.py`); `--full`, or a changed definition, makes all of them anew. Running it twice, or
killing it anywhere, changes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from batch import command, logs
from batch.session import session
from batch.side_by_side import side_by_side
from batch.since import facts, first_epoch
from lake import tables
from lake.commits import last_run, mark, metadata
from lake.table import Table
from settings import Settings
from views.features.history import LOOKBACK_MS, activity_sql, history_sql
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.windows import DAY_MS, Clock


def clock(settings: Settings) -> Clock:
    return Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)


def bring(
    spark: SparkSession,
    settings: Settings,
    table: FeatureTable,
    through: int,
    versions: Mapping[str, int],
    *,
    full: bool,
) -> dict[str, Any]:
    """Brings the table to `through`. Does nothing where it is further already.

    `versions` are those of silver that `logs.register` has registered in this session.
    """
    gold = tables.features(table)
    last = last_run(gold, settings)
    if last is not None and last.through > through and not full:
        return {"through": last.through, "skipped": f"it is through {last.through} already"}
    first = 0 if full else first_epoch(settings, table.view, last)
    made_by = code_hash(settings, table)
    said = metadata(through, **facts(table.view, versions), made_by=made_by)
    logs.rows(spark, table.view, first).createOrReplaceTempView("folded")
    activity = spark.sql(activity_sql(table)).withColumn("day", _day(settings, "epoch"))
    write(activity, tables.activity(table), settings, said, f"epoch >= {first}")
    if last is None or last.facts.get("made_by") != made_by:
        first = 0
    values = history(spark, settings, table, first, through)
    write(values, gold, settings, said, f"through > {first}")
    if (wrote := last_run(gold, settings)) is None or wrote.through != through:
        mark(gold, settings, said)  # no row before, none after: Delta says nothing
    return {"through": through, "from": first}


def code_hash(settings: Settings, table: FeatureTable) -> str:
    """Of all that values are made by but activity, the delay too: another one makes all anew."""
    time = clock(settings)
    made_by = f"{history_sql(table, time)} {time.delay_ms}"
    return hashlib.sha256(made_by.encode()).hexdigest()[:16]


def history(
    spark: SparkSession, settings: Settings, table: FeatureTable, first: int, through: int
) -> DataFrame:
    """The rows of gold that came after `first`."""
    time = clock(settings)
    oldest = max(0, first * time.epoch_ms - LOOKBACK_MS) // DAY_MS * DAY_MS // time.epoch_ms
    needed = f"epoch >= {oldest}"
    if table.lasting:
        lasting = ", ".join(f"'{measure}'" for measure in table.lasting)
        needed += f" OR measure IN ({lasting})"
    path = tables.activity(table).path(settings)
    activity = spark.read.format("delta").load(str(path))
    activity.where(needed).createOrReplaceTempView("activity")
    rows = spark.sql(history_sql(table, time))
    return (
        rows.where((F.col("through") > first) & (F.col("through") <= through))
        .withColumn("available_at_ms", F.col("through") * time.epoch_ms + time.delay_ms)
        .withColumn("day", _day(settings, "through"))
    )


def write(rows: DataFrame, table: Table, settings: Settings, said: str, where: str) -> None:
    """Puts the rows in the place of those that `where` says; `said` is the commit's metadata."""
    files = rows.select(*table.schema.names).repartition("day")  # a file a day
    writer = files.write.format("delta").mode("overwrite")
    writer.options(userMetadata=said, replaceWhere=where).save(str(table.path(settings)))


def _day(settings: Settings, epoch: str) -> Any:
    return F.to_date(F.timestamp_seconds(F.col(epoch) * settings.epoch_seconds))


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    topics = dict.fromkeys(topic for table in FEATURE_TABLES for topic in table.view.topics)
    versions = logs.versions(settings, topics, asked.through)
    with session(settings, "features") as spark:
        done = side_by_side(
            spark,
            lambda own: logs.register(own, settings, versions, asked.through),
            {table.name: table for table in FEATURE_TABLES},
            lambda own, t: bring(own, settings, t, asked.through, versions, full=asked.full),
        )
    return {"through": asked.through, "tables": done}


def main() -> int:
    arguments = command.parser("batch.features", __doc__, view=False)
    arguments.add_argument("--full", action="store_true", help="every row anew")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
