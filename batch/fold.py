"""What are the exact totals of every count, from the whole lake?

    python -m batch.fold --through E [--view V] [--full]

Runs each FoldView's own SQL by Spark over silver, all epochs before E. `gold/<view>_by_epoch` gets
what each epoch adds, and `gold/<view>` one row a key, their sum; a row whose totals did not change
keeps the `through` of the run in which they came to be, so publication knows what is new. A run
folds the days that are new or were replaced since the last one (`batch/since.py`), `--full` all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
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
from views.contract import FoldView

MERGES = {"SUM": F.sum, "MAX": F.max}


def totals(view: FoldView, rows: DataFrame) -> DataFrame:
    """`key` and a column a measure, of all epochs together."""
    merge = MERGES[view.merge.name]("total")
    pivoted = rows.groupBy("key").pivot("measure", list(view.measures)).agg(merge)
    return pivoted.na.fill(view.merge.zero)


def with_earlier(view: FoldView, rows: DataFrame, before: DataFrame, day: date) -> DataFrame:
    """`rows`, all of `day` and later, with what earlier days added to the keys that they change.

    A key that had a row of these days `before`, and has none now, is changed too.
    """
    columns = ["key", "measure", "total"]
    had = before.where(F.col("day") >= day).withColumn("total", F.lit(view.merge.zero))
    changed = rows.select(columns).union(had.select(columns))
    earlier = before.where(F.col("day") < day)
    return changed.union(
        earlier.join(changed.select("key").distinct(), "key", "left_semi").select(columns)
    )


def with_through(
    view: FoldView, new: DataFrame, old: DataFrame, through: int, *, every_key: bool
) -> DataFrame:
    """`new` with the `through` of `old` where the totals are the same, else this run's.

    A row of `old` stays where `new` has not its key, unless `new` has `every_key`.
    """
    same = old["through"].isNotNull()
    for measure in view.measures:
        same &= new[measure].eqNullSafe(old[measure])
    since = F.when(same | new["key"].isNull(), old["through"]).otherwise(F.lit(through))
    columns = [F.coalesce(new[name], old[name]).alias(name) for name in ("key", *view.measures)]
    joined = new.join(old, new["key"] == old["key"], "left" if every_key else "full")
    return joined.select(*columns, since.cast("long").alias("through"))


def fold(
    spark: SparkSession,
    settings: Settings,
    view: FoldView,
    through: int,
    versions: Mapping[str, int],
    *,
    full: bool = False,
) -> dict[str, Any]:
    """Brings gold of the view to `through`. Does nothing where it is further already.

    `versions` are those of silver that `logs.register` has registered in this session.
    """
    gold, by_epoch = tables.gold(view), tables.gold_by_epoch(view)
    last = last_run(gold, settings)
    if last is not None and last.through > through:
        return {"through": last.through, "skipped": f"gold is through {last.through} already"}
    said = metadata(through, **facts(view, versions))
    first = 0 if full else first_epoch(settings, view, last)
    day = datetime.fromtimestamp(first * settings.epoch_seconds, UTC).date()  # a whole day is anew
    first = int(datetime.combine(day, time.min, UTC).timestamp()) // settings.epoch_seconds
    in_day = F.to_date(F.timestamp_seconds(F.col("epoch") * settings.epoch_seconds))
    rows = logs.rows(spark, view, first).withColumn("day", in_day)
    # Computed once, and cut from what made them: where they are only cached, Spark holds each plan
    # below against the whole of the view's, which takes longer than to run it.
    rows = rows.localCheckpoint()
    before, old = _read(spark, settings, by_epoch), _read(spark, settings, gold)
    added = rows.where(F.col("total") != 0).repartition("day")  # a file a day
    write(added, by_epoch, settings, said, replaceWhere=f"day >= '{day}'")
    new = totals(view, with_earlier(view, rows, before, day) if first else rows)
    write(with_through(view, new, old, through, every_key=not first), gold, settings, said)
    if (wrote := last_run(gold, settings)) is None or wrote.through != through:
        # No row before, none after: Delta makes no commit of that, and publication needs one.
        mark(gold, settings, said)
    return {"through": through, "keys": gold.open(settings).count(), "since": first}


def fold_all(
    spark: SparkSession,
    settings: Settings,
    views: Sequence[FoldView],
    through: int,
    *,
    full: bool = False,
) -> dict[str, dict[str, Any]]:
    """Brings gold of these views to `through`, some at a time; says of each what was done."""
    versions = logs.versions(settings, {t: None for view in views for t in view.topics}, through)
    return side_by_side(
        spark,
        lambda own: logs.register(own, settings, versions, through),
        {view.name: view for view in views},
        lambda own, view: fold(own, settings, view, through, versions, full=full),
    )


def write(rows: DataFrame, table: Table, settings: Settings, said: str, **how: str) -> None:
    """Replaces the table's rows; `said` is the commit's metadata."""
    writer = rows.select(*table.schema.names).write.format("delta").mode("overwrite")
    writer.options(userMetadata=said, **how).save(str(table.path(settings)))


def _read(spark: SparkSession, settings: Settings, table: Table) -> DataFrame:
    """The table as it is now, whatever is written to it later."""
    version = table.open(settings).version()
    return spark.read.format("delta").option("versionAsOf", version).load(str(table.path(settings)))


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    views = command.fold_views_asked(asked.view)
    tables.create(settings)
    with session(settings, "fold") as spark:
        done = fold_all(spark, settings, views, asked.through, full=asked.full)
    return {"through": asked.through, "views": done}


def main() -> int:
    arguments = command.parser("batch.fold", __doc__)
    arguments.add_argument("--full", action="store_true", help="from the first epoch on")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
