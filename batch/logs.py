"""Where do views find the log in Spark?

Each topic is a temporary view `<topic>_log` over silver, as the relations of `views/` expect it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import SparkSession

from batch.command import BatchFailed
from lake import tables
from lake.commits import last_run
from settings import Settings
from views.contract import FoldView


def silver_through(settings: Settings, topics: Iterable[str]) -> int:
    """The epoch through which silver of all these topics is complete; 0 where one is empty."""
    runs = [last_run(tables.silver(topic), settings) for topic in topics]
    return min((run.through if run else 0 for run in runs), default=0)


def register(spark: SparkSession, settings: Settings, topics: Iterable[str], through: int) -> None:
    """Makes `<topic>_log` hold the epochs before `through`. Raises `BatchFailed` where silver ends
    earlier."""
    topics = list(topics)
    covered = silver_through(settings, topics)
    if covered < through:
        raise BatchFailed(
            f"silver is complete through epoch {covered}, not {through}: "
            f"run python -m batch.silver --through {through}"
        )
    for topic in topics:
        silver = spark.read.format("delta").load(str(tables.silver(topic).path(settings)))
        silver.where(silver.epoch < through).createOrReplaceTempView(f"{topic}_log")


def rows(spark: SparkSession, view: FoldView):
    """The view's rows `key, measure, epoch, total` over the `<topic>_log` views there are."""
    for relation in view.relations:
        spark.sql(relation.sql).createOrReplaceTempView(relation.name)
    return spark.sql(view.sql)
