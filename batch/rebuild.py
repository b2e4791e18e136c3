"""How does a view come back from the lake alone?

    python -m batch.rebuild VIEW [VIEW ...] [--wipe]

Waits until the archive holds all of the log, then recomputes the view from silver and writes every
row of it to Cassandra and Redis; of a count, all totals through the last closed epoch. What the
speed layer writes meanwhile stays. Nothing is dropped first unless `--wipe` says so, which empties
the view's keys in Redis; of a count, the totals of the open epoch come back when the speed layer
counts it anew: `./starling rebuild` sees to that.

Home timelines are written to Cassandra for every reader (`batch/base_timelines.py`), and pushed to
those that Redis has. Redis lacks the homes of who did not read for long, or all after `--wipe`: the
next read of each builds it, which only a reader's own request can do right and in its own time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import redis
from pyspark import StorageLevel
from pyspark.sql import SparkSession

from batch import base_timelines, command, fold, restore, silver, states
from batch.command import BatchFailed
from batch.publish import publish
from batch.session import session
from batch.stores import redis_client, timeline_shards
from lake import tables
from settings import Settings
from views import timelines
from views.contract import FoldView, JoinView, StateView, View
from views.registry import UnknownView
from views.registry import view as view_named
from views.rows import PLACES
from views.seam import counts_key, pointer_key

WIPED_AT_ONCE = 5_000


def patterns(view: View) -> list[str]:
    """The keys of the view in Redis, but for those of timelines."""
    if isinstance(view, FoldView):
        return [counts_key(view.name, 0)[:-1] + "*", pointer_key(view.name)]
    return [PLACES[view.name].pattern] if view.name in PLACES else []


def timeline_patterns(view: View) -> list[str]:
    """The keys of timelines that the view has."""
    prefixes: tuple[Callable[[int], str], ...] = ()
    if isinstance(view, JoinView):
        prefixes = (timelines.home_prefix, timelines.pulls_prefix)
    elif view.name == "user_timeline":
        prefixes = (timelines.user_prefix,)
    return [prefix(0).partition("{")[0] + "*" for prefix in prefixes]


def wipe(settings: Settings, view: View) -> int:
    """Drops the view's keys in Redis; returns how many there were."""
    with redis_client(settings) as store, timeline_shards(settings) as shards:
        dropped = _drop(store, patterns(view))
        return dropped + sum(_drop(shard, timeline_patterns(view)) for shard in shards.all())


def _drop(store: redis.Redis, patterns: list[str]) -> int:
    dropped = 0
    for pattern in patterns:
        pipeline = store.pipeline(transaction=False)
        for key in store.scan_iter(match=pattern, count=WIPED_AT_ONCE):
            pipeline.unlink(key)
            if len(pipeline) == WIPED_AT_ONCE:
                dropped += sum(pipeline.execute())
        dropped += sum(pipeline.execute())
    return dropped


def rebuild_counts(
    spark: SparkSession, settings: Settings, views: list[FoldView], through: int
) -> dict[str, dict[str, Any]]:
    """Folds these views from the first epoch on and publishes every key of them."""
    fold.fold_all(spark, settings, views, through, full=True)
    return {view.name: publish(settings, view, through, everything=True) for view in views}


def rebuild_homes(
    spark: SparkSession, settings: Settings, through: int, at_ms: int
) -> dict[str, Any]:
    """Recomputes the base timelines and writes all of them, as of `at_ms`."""
    lasting = base_timelines.writer(settings, through, at_ms)
    homes = states.base_timelines(spark, settings)
    return restore.written(homes, lasting, restore.homes(settings))


def write_rows(
    spark: SparkSession, settings: Settings, views: list[StateView]
) -> dict[str, dict[str, Any]]:
    """Recomputes these views together and writes every row. Says of each what was written."""
    done: dict[str, dict[str, Any]] = {view.name: {"rows": 0} for view in views}
    changes = states.latest(spark, settings, views).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        for row in changes.groupBy("view").count().collect():
            done[row["view"]]["rows"] = row["count"]
        changes.foreachPartition(restore.to_cassandra(settings))
        changes.foreachPartition(restore.to_redis(settings))
    finally:
        changes.unpersist()
    if "user_timeline" in done:
        own = states.user_timelines(spark, settings)
        done["user_timeline"] |= restore.written(own, restore.user_timelines(settings))
    return done


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    try:
        views = [view_named(name) for name in asked.views]
    except UnknownView as error:
        raise BatchFailed(str(error)) from None
    tables.create(settings)
    # Wiped before the end of the log is looked up: what was served until then is all in the lake.
    wiped = {view.name: wipe(settings, view) for view in views} if asked.wipe else {}
    at_ms = base_timelines.now_ms()
    through = silver.catch_up(settings, (topic for view in views for topic in view.topics))
    with session(settings, "rebuild") as spark:
        rows = [view for view in views if isinstance(view, StateView)]
        counts = [view for view in views if isinstance(view, FoldView)]
        done = write_rows(spark, settings, rows) if rows else {}
        done |= rebuild_counts(spark, settings, counts, through) if counts else {}
        for view in views:
            if isinstance(view, JoinView):
                done[view.name] = rebuild_homes(spark, settings, through, at_ms)
    return {"through": through, "wiped_keys": wiped, "views": done}


def main() -> int:
    arguments = command.parser("batch.rebuild", __doc__, through=False, view=False)
    arguments.add_argument("views", nargs="+", metavar="VIEW")
    arguments.add_argument("--wipe", action="store_true", help="empty its keys in Redis first")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
