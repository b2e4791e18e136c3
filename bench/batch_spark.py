"""How long does Spark fold? The part of `bench batch` that runs in the batch environment.

    python -m bench.batch_spark '{"8": [through, an hour later]}' VIEW...

Prints `{"scan": s, "full": {"8": s}, "hour": {"8": s}}`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

from pyspark.sql import SparkSession

import settings as settings_module
from batch import logs
from batch.fold import fold_all
from batch.session import session
from settings import Settings
from views.contract import FoldView
from views.registry import view


def main(asked: dict[str, tuple[int, int]], views: list[FoldView]) -> None:
    settings = settings_module.load()
    topics = list(dict.fromkeys(topic for each in views for topic in each.topics))
    found: dict[str, dict[str, float]] = {"full": {}, "hour": {}}

    def folded(spark: SparkSession, through: int, *, full: bool) -> None:
        fold_all(spark, settings, views, through, full=full)

    with session(settings, "bench") as spark:
        first = min(through for through, _ in asked.values())
        folded(spark, first // 2, full=True)  # loads and compiles what all of them need
        for days, (through, later) in asked.items():
            found["full"][days] = seconds(partial(folded, spark, through, full=True))
            found["hour"][days] = seconds(partial(folded, spark, later, full=False))
        last = max(through for through, _ in asked.values())
        scan = seconds(partial(scanned, spark, settings, topics, last))
    print(json.dumps(found | {"scan": scan}))


def scanned(spark: SparkSession, settings: Settings, topics: Iterable[str], through: int) -> None:
    """Reads every column of the same records, and does nothing with them."""
    versions = logs.versions(settings, topics, through)
    logs.register(spark, settings, versions, through)
    for topic in topics:
        spark.table(f"{topic}_log").write.format("noop").mode("overwrite").save()


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    views = [found for found in map(view, sys.argv[2:]) if isinstance(found, FoldView)]
    main(json.loads(sys.argv[1]), views)
