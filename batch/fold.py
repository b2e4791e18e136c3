"""What are the exact totals of every count, from the whole lake?

    python -m batch.fold --through E [--view V]

Runs each FoldView's own SQL by Spark over silver, all epochs before E. `gold/<view>` gets one row a
key; a row whose totals did not change keeps the `through` of the run in which they came to be, so
publication knows what is new. `gold/<view>_by_epoch` gets what each newly closed epoch added.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from batch import command, logs
from batch.session import session
from lake import tables
from lake.commits import last_run, mark, metadata
from settings import Settings
from views.contract import FoldView

MERGES = {"SUM": F.sum, "MAX": F.max}


def totals(view: FoldView, rows: DataFrame) -> DataFrame:
    """`key` and a column a measure, of all epochs together."""
    merge = MERGES[view.merge.name]("total")
    pivoted = rows.groupBy("key").pivot("measure", list(view.measures)).agg(merge)
    return pivoted.na.fill(view.merge.zero)


def with_through(view: FoldView, new: DataFrame, old: DataFrame, through: int) -> DataFrame:
    """`new` with the `through` of `old` where the totals are the same, else this run's."""
    same = F.lit(True)
    for measure in view.measures:
        same &= new[measure].eqNullSafe(old[measure])
    since = F.when(same & old["through"].isNotNull(), old["through"]).otherwise(F.lit(through))
    columns = [new["key"], *(new[m] for m in view.measures), since.cast("long").alias("through")]
    return new.join(old, new["key"] == old["key"], "left").select(*columns)


def fold(spark: SparkSession, settings: Settings, view: FoldView, through: int) -> dict[str, Any]:
    """Brings gold of the view to `through`. Does nothing where it is further already."""
    gold, by_epoch = tables.gold(view), tables.gold_by_epoch(view)
    last = last_run(gold, settings)
    if last is not None and last.through > through:
        return {"through": last.through, "skipped": f"gold is through {last.through} already"}
    first = max(0, (last.through if last else 0) - settings.silver_lookback_epochs)
    day = F.to_date(F.timestamp_seconds(F.col("epoch") * settings.epoch_seconds))
    rows = logs.rows(spark, view).withColumn("day", day).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        since = F.to_date(F.timestamp_seconds(F.lit(first * settings.epoch_seconds)))
        # The days of the epochs that are new replace those that were there.
        write(
            rows.where((F.col("total") != 0) & (F.col("day") >= since)), by_epoch, settings, through
        )
        old = spark.read.format("delta").load(str(gold.path(settings)))
        write(with_through(view, totals(view, rows), old, through), gold, settings, through)
        if (wrote := last_run(gold, settings)) is None or wrote.through != through:
            # No row before, none after: Delta makes no commit of that, and publication needs one.
            mark(gold, settings, metadata(through))
    finally:
        rows.unpersist()
    return {"through": through, "keys": gold.open(settings).count()}


def write(rows: DataFrame, table: tables.Table, settings: Settings, through: int) -> None:
    """Replaces the table's rows, of a partitioned one those of the days in `rows`."""
    if table.partition_by:
        rows = rows.repartition(*table.partition_by)  # a file a day
    (
        rows.select(*table.schema.names)
        .write.format("delta")
        .mode("overwrite")
        .option("partitionOverwriteMode", "dynamic" if table.partition_by else "static")
        .option("userMetadata", metadata(through))
        .save(str(table.path(settings)))
    )


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    views = command.fold_views_asked(asked.view)
    tables.create(settings)
    topics = dict.fromkeys(topic for view in views for topic in view.topics)
    with session(settings, "fold") as spark:
        logs.register(spark, settings, topics, asked.through)
        done = {view.name: fold(spark, settings, view, asked.through) for view in views}
    return {"through": asked.through, "views": done}


def main() -> int:
    return command.run(work, command.parser("batch.fold", __doc__))


if __name__ == "__main__":
    sys.exit(main())
