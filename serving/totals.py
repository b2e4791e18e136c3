"""Which totals stand for these keys? Both layers' meet at the seam, in one round trip to Redis.

What Redis lacks of batch's versions Cassandra has. What it lacks of the speed layer's is nothing
where that has counted all, and else missing: an answer without it says that it is stale.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.ids import timestamp_ms
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import Command
from settings import Settings
from views import seam
from views.contract import FoldView

POINTER_SECONDS = 1.0  # how long a pointer read from Cassandra is believed

Counted = list[tuple[FoldView, Sequence[int]]]
"""Views, each with the keys that are asked for."""
Counts = dict[int, dict[str, int]]
"""By key, the total of each measure."""


class Totals:
    """Raises `StoreUnavailable` where Cassandra must say and cannot."""

    def __init__(self, settings: Settings, cassandra: CassandraStore) -> None:
        self._cassandra = cassandra
        self._epoch_ms = settings.epoch_ms
        self._ttl_s = settings.speed_row_ttl_hours * 3600
        self._pointers: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def commands(self, counted: Counted) -> list[Command]:
        """What asks Redis; the replies are for `read`."""
        # The pointer first: the versions it names stay until it has moved twice.
        if not counted:
            return []
        said: list[Command] = [("HMGET", seam.COUNTED, *seam.COUNTED_FIELDS)]
        said += [("GET", seam.pointer_key(view.name)) for view, _ in counted]
        return said + [
            ("HGETALL", seam.counts_key(view.name, key)) for view, keys in counted for key in keys
        ]

    def read(
        self, counted: Counted, replies: Iterator[Any]
    ) -> tuple[dict[str, Counts], list[Command], bool]:
        """By view, the totals at the seam; the commands that give Redis what it lacked; and whether
        no epoch is missing from any of them."""
        if not counted:
            return {}, [], True
        counting = seam.Counting(*(None if n is None else int(n) for n in next(replies)))
        whole = True
        pointers = [next(replies) for _ in counted]
        found: dict[str, Counts] = {}
        refill: list[Command] = []
        for (view, keys), pointer in zip(counted, pointers, strict=True):
            hashes = {key: next(replies) for key in keys}
            at = self._pointer(view) if pointer is None else int(pointer)
            if pointer is None:
                refill.append(("SET", seam.pointer_key(view.name), at, "NX"))
            found[view.name], more = self._merged(view, at, hashes)
            refill += more
            whole = whole and self._whole(at, counting)
        return found, refill, whole

    def published(self, counted: Counted) -> dict[str, Counts]:
        """By view, what batch has published, from Cassandra alone."""
        found: dict[str, Counts] = {}
        for view, keys in counted:
            versions = self._cassandra.batch_totals(view.name, keys, self._pointer(view))
            found[view.name] = {
                key: {
                    m: versions.get(key, (0, {}))[1].get(m, view.merge.zero) for m in view.measures
                }
                for key in keys
            }
        return found

    def _merged(
        self, view: FoldView, pointer: int, hashes: dict[int, dict[bytes, bytes]]
    ) -> tuple[Counts, list[Command]]:
        refill: list[Command] = []
        unsure = [
            key
            for key, fields in hashes.items()
            if self._may_be_in_batch(key, pointer) and not any(f[:2] == b"b:" for f in fields)
        ]
        if unsure:
            published = self._cassandra.batch_totals(view.name, unsure, pointer)
            for key in unsure:
                through, totals = published.get(key, (0, {}))
                version = {
                    seam.batch_field(through, measure).encode(): b"%d" % totals.get(measure, 0)
                    for measure in view.measures
                }
                hashes[key] = hashes[key] | version
                name = seam.counts_key(view.name, key)
                pairs = [part for pair in version.items() for part in pair]
                refill += [("HSET", name, *pairs), ("EXPIRE", name, self._ttl_s, "NX")]
        counts = {
            key: seam.read_counts(view.merge, view.measures, fields, pointer)
            for key, fields in hashes.items()
        }
        return counts, refill

    def _whole(self, pointer: int, counting: seam.Counting) -> bool:
        return seam.whole(
            pointer=pointer,
            counting=counting,
            now_ms=time.time_ns() // 1_000_000,
            epoch_ms=self._epoch_ms,
            kept_ms=self._ttl_s * 1000,
        )

    def _may_be_in_batch(self, key: int, pointer: int) -> bool:
        """What was made after the pointer has no batch total. Ids tell when; clocks may differ."""
        return timestamp_ms(key) // self._epoch_ms <= pointer

    def _pointer(self, view: FoldView) -> int:
        """The pointer where Redis has none: after a loss, or before the first batch run."""
        read_at, pointer = self._pointers.get(view.name, (float("-inf"), 0))
        if time.monotonic() - read_at < POINTER_SECONDS:
            return pointer
        pointer = self._cassandra.pointer(view.name)
        with self._lock:
            self._pointers[view.name] = time.monotonic(), pointer
        return pointer
