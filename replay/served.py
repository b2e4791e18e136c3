"""What does the platform serve from Redis?

Read as the API reads it: timelines settled, counts merged at the seam.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from redis import Redis

from serving.homes import Homes
from settings import Settings
from stores.shards import Shards
from views import timelines
from views.contract import FoldView
from views.seam import counts_key, pointer_key, read_counts
from views.timelines import bucket_of, home_key, pulls_key

AT_ONCE = 1_000  # keys of one round trip


def open_homes(shards: Shards, settings: Settings, readers: Iterable[int]) -> None:
    """Lets entries be pushed to these readers, as to all who read now and then.

    Nobody they follow has said anything yet, so a timeline without entries is whole.
    """
    buckets = settings.timeline_buckets
    for some in _chunks(readers):
        keep = (timelines.WHOLE, "NX", "EX", settings.timeline_seconds)
        shards.pipeline(
            (
                bucket_of(reader, buckets),
                ("SET", timelines.home_key(reader, buckets), *keep),
            )
            for reader in some
        )


def home_timelines(homes: Homes, readers: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """Each reader's home timeline, newest first, without their own; built where it is not there."""
    for reader in readers:
        yield reader, homes.standing(reader, own=False, exact=True).all()


def pushed_and_pulled(
    shards: Shards, settings: Settings, readers: Iterable[int]
) -> Iterator[tuple[int, list[int]]]:
    """Each reader's home timeline, as it is there, newest first; empty where there is none."""
    buckets = settings.timeline_buckets
    keys = home_key, pulls_key
    for some in _chunks(readers):
        found = shards.pipeline(
            (
                bucket_of(reader, buckets),
                ("MGET", *(key(reader, buckets) for key in keys)),
            )
            for reader in some
        )
        for reader, (timeline, pulls) in zip(some, found, strict=True):
            pulled = timelines.unpack(pulls or b"")
            entries = timelines.entries_of(timeline) + _own(shards, buckets, pulled)
            yield reader, timelines.settle(entries, cap=settings.timeline_cap)


def user_timeline(shards: Shards, settings: Settings, author: int) -> list[int]:
    """The author's own, newest first."""
    entries = _own(shards, settings.timeline_buckets, [author])
    return timelines.settle(entries, cap=settings.timeline_cap)


def _own(shards: Shards, buckets: int, authors: Iterable[int]) -> bytes:
    found = shards.pipeline(
        (bucket_of(author, buckets), ("GET", timelines.user_key(author, buckets)))
        for author in authors
    )
    return b"".join(timelines.entries_of(value) for value in found)


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
