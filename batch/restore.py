"""How do rows and timelines of the lake get back into the stores?

Runs inside Spark's Python workers, a partition at a time. Every write is one that the speed layer
makes too: rows go by their log position, timelines are pushed. So what happens meanwhile is neither
lost nor overwritten, whoever comes last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from cassandra.query import UNSET_VALUE
from pyspark import StorageLevel

from batch.states import change_of
from batch.stores import cassandra, redis_client, timeline_shards
from settings import Settings
from views import timelines
from views.contract import Change, Put
from views.rows import PLACES, put
from views.tables import TABLES, USERNAME_PUT, statement

CHUNK = 2_000
Rows = Iterator[Any]


def chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def statements(view: str, change: Change, row: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What the change of a row of `CHANGE` is in Cassandra."""
    yield statement(TABLES[view], change, pos=row.pos, unset=UNSET_VALUE)
    if view == "users" and isinstance(change, Put):
        yield USERNAME_PUT, (change.row["username"].lower(), change.key, row.at_ms)


def to_cassandra(settings: Settings) -> Callable[[Rows], None]:
    """For `foreachPartition` over `CHANGE`: writes every row."""

    def write(rows: Rows) -> None:
        with cassandra(settings) as store:
            for chunk in chunks(rows):
                store.all(
                    each
                    for row in chunk
                    for each in statements(row.view, change_of(row.key, row.row), row)
                )

    return write


def to_redis(settings: Settings) -> Callable[[Rows], None]:
    """For `foreachPartition` over `CHANGE`: writes the rows that are still hot, where Redis has
    rows of their view."""
    ttl_s = settings.speed_row_ttl_hours * 3600

    def write(rows: Rows) -> None:
        now_ms = time.time_ns() // 1_000_000
        since_ms = now_ms - ttl_s * 1000
        hot = (row for row in rows if row.view in PLACES and row.append_ms > since_ms)
        with redis_client(settings) as store:
            for chunk in chunks(hot):
                pipeline = store.pipeline(transaction=False)
                for row in chunk:
                    change = change_of(row.key, row.row)
                    pipeline.fcall(*put(row.view, change, pos=row.pos, ttl_s=ttl_s))
                pipeline.execute()

    return write


def written(timelines: Any, *writers: Callable[[Rows], None]) -> dict[str, int]:
    """Has each of the writers write the rows `reader, ids` of a DataFrame, which is computed once;
    says how many readers they are of, and how many entries."""
    found = timelines.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        for write in writers:
            found.foreachPartition(write)
        readers, entries = found.selectExpr("count(*)", "coalesce(sum(size(ids)), 0)").first()
        return {"readers": readers, "entries": entries}
    finally:
        found.unpersist()


def homes(settings: Settings) -> Callable[[Rows], None]:
    """For `foreachPartition` over `reader, ids`: pushes them to the home timelines that exist.

    Oldest first, so that the next cut has little to sort. Whoever reads another builds it.
    """
    cut = settings.timeline_cap, settings.timeline_slack

    def push(bucket: int, reader: int, entries: bytes) -> tuple[Any, ...]:
        return "timeline_push", 1, timelines.home_prefix(bucket), entries, str(reader), *cut

    return _timelines(settings, push)


def user_timelines(settings: Settings) -> Callable[[Rows], None]:
    """For `foreachPartition` over `reader, ids`: makes each author's own timeline whole."""
    keep = settings.timeline_cap, settings.timeline_seconds

    def put(_bucket: int, author: int, entries: bytes) -> tuple[Any, ...]:
        key = timelines.user_key(author, settings.timeline_buckets)
        return "author_put", 1, key, entries, *keep

    return _timelines(settings, put)


def _timelines(
    settings: Settings, call_of: Callable[[int, int, bytes], tuple[Any, ...]]
) -> Callable[[Rows], None]:
    def write(rows: Rows) -> None:
        with timeline_shards(settings) as shards:
            for chunk in chunks(rows):
                calls = []
                for row in chunk:
                    bucket = timelines.bucket_of(row.reader, settings.timeline_buckets)
                    entries = timelines.pack(reversed(row.ids))
                    calls.append((bucket, ("FCALL", *call_of(bucket, row.reader, entries))))
                shards.pipeline(calls)

    return write
