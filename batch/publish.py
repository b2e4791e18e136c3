"""How do new totals reach readers, all at once and verified?

    python -m batch.publish --through E [--view V]

Writes each row of gold that is new since the standing pointer to Cassandra and Redis, as a version
of its own, and reads every one of them back. Only then the pointer advances to E: before that no
reader looks at them. So a run that is killed anywhere has changed no answer, and one that is
repeated writes the same again. A Redis that lost its pointer gets every row.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from zlib import crc32

import pyarrow.compute as pc
import redis

from batch import command
from batch.command import BatchFailed
from batch.stores import Cassandra, cassandra, redis_client
from batch.totals import Version, put_cassandra, put_redis
from lake import tables
from lake.commits import runs
from settings import Settings
from views.contract import FoldView
from views.seam import COUNTED, COUNTED_FIELDS, pointer_key
from views.tables import KEYSPACE

CHUNK = 2_000
POINTER = f"SELECT through FROM {KEYSPACE}.pointers WHERE view_name = ?"
ADVANCE = f"INSERT INTO {KEYSPACE}.pointers (view_name, through) VALUES (?, ?)"


def speed_from_key(view: str) -> str:
    """In Redis: the epoch from which speed totals are whole; those of earlier ones may be gone."""
    return f"speed_from:{view}"


class Gold:
    """The totals of a view at one version of its gold table, so that a fold meanwhile is no matter.

    Raises `BatchFailed` where no run was through `through`.
    """

    def __init__(self, settings: Settings, view: FoldView, through: int) -> None:
        table = tables.gold(view)
        run = next((r for r in runs(table.open(settings)) if r.through == through), None)
        if run is None:
            raise BatchFailed(
                f"{view.name} was not folded through epoch {through}: "
                f"run python -m batch.fold --through {through}"
            )
        self._view = view
        self._dataset = table.open(settings, version=run.version).to_pyarrow_dataset()

    def count(self) -> int:
        return self._dataset.count_rows()

    def versions(self, since: int) -> Iterator[Version]:
        """The rows that came to be in the run through `since` or a later one."""
        for batch in self._dataset.to_batches(filter=pc.field("through") >= since):
            for row in batch.to_pylist():
                key, through = row.pop("key"), row.pop("through")
                yield Version(key, through, row)


def publish(
    settings: Settings, view: FoldView, through: int, *, everything: bool = False
) -> dict[str, Any]:
    """Publishes one view. Does nothing where readers see a later run already."""
    gold = Gold(settings, view, through)
    with cassandra(settings) as lasting, redis_client(settings) as cache:
        standing = getattr(lasting.one(POINTER, (view.name,)), "through", 0)
        if standing > through:
            return {"through": standing, "skipped": f"published through {standing} already"}
        cached = cache.get(pointer_key(view.name))
        since = 0 if everything or cached is None else min(standing, int(cached))
        needed = keep_from(cache, view, cached, through, first=standing == 0)
        count, checksum = 0, 0
        versions = gold.versions(since)
        while chunk := list(islice(versions, CHUNK)):
            put_cassandra(lasting, view, chunk, needed)
            put_redis(cache, settings, view, chunk, needed)
            count += len(chunk)
            checksum = sum(map(_checksum, chunk), checksum) & 0xFFFFFFFFFFFFFFFF
        advance(lasting, cache, view, through)
        note_loss(cache, time.time_ns() // 1_000_000, settings.epoch_ms)
    return {"through": through, "from": standing, "rows": count, "checksum": f"{checksum:016x}"}


def keep_from(
    cache: redis.Redis, view: FoldView, cached: bytes | None, through: int, *, first: bool
) -> int:
    """The pointer before this run, whose versions and speed totals must stay.

    A repeated run finds what the first one noted. It is noted before anything goes, so that
    `batch.compare` does not take for drift what is gone: a Redis that lost its pointer lost its
    speed totals too.
    """
    key = speed_from_key(view.name)
    if cached is not None and int(cached) >= through:
        return min(int(cache.get(key) or 0), through)
    before = int(cached or 0)
    cache.set(key, through if cached is None and not first else before)
    return before


def advance(lasting: Cassandra, cache: redis.Redis, view: FoldView, through: int) -> None:
    """Moves the pointer, first where it lasts."""
    lasting.one(ADVANCE, (view.name, through))
    cache.set(pointer_key(view.name), through)


def note_loss(cache: redis.Redis, now_ms: int, epoch_ms: int) -> None:
    """Where Redis does not know since when totals of the speed layer are whole, it lost them: all
    of an epoch that begins from now on will be there."""
    cache.hsetnx(COUNTED, COUNTED_FIELDS[0], now_ms // epoch_ms + 1)


def _checksum(version: Version) -> int:
    """Of one row; sums of them do not depend on the order of the rows."""
    return crc32(repr((version.key, version.through, sorted(version.totals.items()))).encode())


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    views = command.fold_views_asked(asked.view)
    done = {v.name: publish(settings, v, asked.through, everything=asked.all) for v in views}
    return {"through": asked.through, "views": done}


def main() -> int:
    arguments = command.parser("batch.publish", __doc__)
    arguments.add_argument("--all", action="store_true", help="every row, not only new ones")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
