"""How does Spark ask the lake by the names of its tables?

with session(settings, "questions") as spark:
    register(spark, settings, ["silver.likes"])
    spark.sql("SELECT kind, count(*) FROM silver.likes GROUP BY kind").show()
"""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import SparkSession

from lake.tables import dotted, named
from settings import Settings


def register(spark: SparkSession, settings: Settings, names: Iterable[str]) -> None:
    """Makes the tables of those names known to the session, with their comments; nothing is
    written to them. One takes about a second. Raises `UnknownTable`.
    """
    for table in map(named, names):
        schema = table.name.partition("/")[0]
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {schema}")
        where = table.path(settings)
        spark.sql(f"CREATE TABLE IF NOT EXISTS {dotted(table)} USING DELTA LOCATION '{where}'")
