"""What does the platform serve from Redis?

Read as the API reads it: timelines settled, counts merged at the seam.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from redis import Redis

from settings import Settings
from views.contract import FoldView
from views.seam import counts_key, pointer_key, read_counts
from views.timelines import home_key, settle

AT_ONCE = 1_000  # keys of one round trip


def home_timelines(
    redis: Redis, settings: Settings, readers: Iterable[int]
) -> Iterator[tuple[int, list[int]]]:
    """Each reader's home timeline, newest first; empty where there is none."""
    for some in _chunks(readers):
        keys = [home_key(reader, settings.timeline_buckets) for reader in some]
        values = cast("list[bytes | None]", redis.mget(keys))
        for reader, entries in zip(some, values, strict=True):
            yield reader, settle(entries or b"", cap=settings.timeline_cap)


def counts(
    redis: Redis, view: FoldView, keys: Iterable[int]
) -> Iterator[tuple[int, dict[str, int]]]:
    """Each key's counts, batch merged with speed."""
    pointer = int(redis.get(pointer_key(view.name)) or 0)
    for some in _chunks(keys):
        pipeline = redis.pipeline(transaction=False)
        for key in some:
            pipeline.hgetall(counts_key(view.name, key))
        for key, fields in zip(some, pipeline.execute(), strict=True):
            yield key, read_counts(view.merge, view.measures, fields, pointer)


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some
