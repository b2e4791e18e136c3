"""Where do views find the log in Spark?

Each topic is a temporary view `<topic>_log` over silver, as the relations of `views/` expect it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyspark.sql import DataFrame, SparkSession

from batch.command import BatchFailed
from lake import tables
from lake.commits import last_run
from settings import Settings
from views.contract import FoldView


def silver_through(settings: Settings, topics: Iterable[str]) -> int:
    """The epoch through which silver of all these topics is complete; 0 where one is empty."""
    runs = [last_run(tables.silver(topic), settings) for topic in topics]
    return min((run.through if run else 0 for run in runs), default=0)


def versions(settings: Settings, topics: Iterable[str], through: int) -> dict[str, int]:
    """Silver's versions by topic. Raises `BatchFailed` where silver ends before epoch `through`."""
    topics = list(topics)
    covered = silver_through(settings, topics)
    if covered < through:
        raise BatchFailed(
            f"silver is complete through epoch {covered}, not {through}: "
            f"run python -m batch.silver --through {through}"
        )
    return {topic: tables.silver(topic).open(settings).version() for topic in topics}


def register(
    spark: SparkSession, settings: Settings, versions: Mapping[str, int], through: int
) -> None:
    """Makes `<topic>_log` hold the epochs before `through` of these versions of silver."""
    for topic, version in versions.items():
        silver = spark.read.format("delta").option("versionAsOf", version)
        log = silver.load(str(tables.silver(topic).path(settings)))
        log.where(log.epoch < through).createOrReplaceTempView(f"{topic}_log")


def rows(spark: SparkSession, view: FoldView, since: int = 0) -> DataFrame:
    """The view's rows `key, measure, epoch, total` of epoch `since` and later ones, over the
    `<topic>_log` views there are."""
    for relation in view.relations:
        told = relation.touched(since) if since else relation.sql
        spark.sql(told).createOrReplaceTempView(relation.name)
    for made in view.contributions:
        spark.udf.register(made.function, made.of, "array<bigint>")
        spark.sql(
            f"SELECT made.key, measure, epoch, delta FROM ({made.sql}) AS came "
            f"LATERAL VIEW explode({made.function}(came.key)) made AS key"
        ).createOrReplaceTempView(made.name)
    return spark.sql(view.sql).where(f"epoch >= {since}")
