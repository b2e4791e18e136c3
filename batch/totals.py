"""How do published totals lie in Redis and Cassandra, and which of them may go?

A key has versions, one for each run that changed it. A version is written once, read back, and
seen by readers only when the pointer reaches it. Of the older ones the newest at or below the
standing pointer stays, since readers use it until the pointer moves, and a rollback after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import redis

from batch.stores import Cassandra
from settings import Settings
from views import seam
from views.contract import FoldView
from views.tables import KEYSPACE

PUT = f"INSERT INTO {KEYSPACE}.batch_rows (view_name, key, through, totals) VALUES (?, ?, ?, ?)"
VERSIONS = f"SELECT through, totals FROM {KEYSPACE}.batch_rows WHERE view_name = ? AND key = ?"
DROP = f"DELETE FROM {KEYSPACE}.batch_rows WHERE view_name = ? AND key = ? AND through < ?"


class Version(NamedTuple):
    """A key's totals and the run in which they came to be."""

    key: int
    through: int
    totals: dict[str, int]


class NotAsWritten(RuntimeError):
    """A store gives back something else than was written; the pointer must not move."""

    def __init__(self, store: str, view: str, version: Version, found: object) -> None:
        super().__init__(f"{store} holds {found} for {view} {version}")


def oldest_needed(versions: Iterable[int], pointer: int) -> int:
    """The version that a reader at `pointer` uses; all older ones may go.

    >>> oldest_needed([3, 5, 9], pointer=7), oldest_needed([9], pointer=7)
    (5, 0)
    """
    return max((through for through in versions if through <= pointer), default=0)


def stale_fields(fields: Iterable[str], pointer: int) -> list[str]:
    """The fields of a key's hash that no reader at `pointer` or later uses.

    >>> stale_fields(["b:3:like_count", "b:5:like_count", "s:6:like_count", "s:7:like_count"], 7)
    ['b:3:like_count', 's:6:like_count']
    """
    split = [(field, *field.split(":", 2)[:2]) for field in fields]
    needed = oldest_needed((int(n) for _, side, n in split if side == "b"), pointer)
    floor = {"b": needed, "s": pointer}
    return [field for field, side, number in split if int(number) < floor[side]]


def put_cassandra(
    store: Cassandra, view: FoldView, versions: Sequence[Version], pointer: int
) -> None:
    """Writes, reads back, drops what is stale. Raises `NotAsWritten`."""
    store.all((PUT, (view.name, v.key, v.through, v.totals)) for v in versions)
    found = store.all((VERSIONS, (view.name, v.key)) for v in versions)
    drops = []
    for version, rows in zip(versions, found, strict=True):
        standing = {row.through: dict(row.totals or {}) for row in rows}
        if standing.get(version.through) != version.totals:
            raise NotAsWritten("Cassandra", view.name, version, standing)
        needed = oldest_needed(standing, pointer)
        if any(through < needed for through in standing):
            drops.append((DROP, (view.name, version.key, needed)))
    store.all(drops)


def put_redis(
    client: redis.Redis,
    settings: Settings,
    view: FoldView,
    versions: Sequence[Version],
    pointer: int,
) -> None:
    """As `put_cassandra`. The hash lives on as long as if it had just been counted."""
    names = [seam.counts_key(view.name, version.key) for version in versions]
    pipeline = client.pipeline(transaction=False)
    for name, version in zip(names, versions, strict=True):
        fields = {seam.batch_field(version.through, m): n for m, n in version.totals.items()}
        pipeline.hset(name, mapping=fields)
        pipeline.expire(name, settings.speed_row_ttl_hours * 3600)
        pipeline.hgetall(name)
    found = pipeline.execute()[2::3]
    for name, version, fields in zip(names, versions, found, strict=True):
        standing = {field.decode(): int(value) for field, value in fields.items()}
        for measure, total in version.totals.items():
            if standing.get(seam.batch_field(version.through, measure)) != total:
                raise NotAsWritten("Redis", view.name, version, standing)
        if stale := stale_fields(standing, pointer):
            pipeline.hdel(name, *stale)
    pipeline.execute()
