"""How do readers hear what the graph has applied, and which answers from it are old?

In Redis: for everyone whose edges changed a stamp, then the mark of how far the graph is
(`applied:graph`). Stamps come first, so who waits for the mark meets no old answer.

A Redis that came back with less than it was told has lost stamps too; its mark shows that, for it
was written after them. Then what lies between is told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redis import Redis

from ingest.positions import applied_key
from settings import Settings
from views.follow_graph import JOB, TOPIC, stamp_key


class Forgotten(RuntimeError):
    """Redis knows less than it was told."""


class Marks:
    """Every method may raise `redis.RedisError`. Offsets are those to go on with."""

    def __init__(self, settings: Settings) -> None:
        self._redis = Redis.from_url(settings.redis_url, socket_timeout=5)
        # An answer must not outlive the stamp that says it is old.
        self._stamp_ms = 2_000 * settings.graph_cache_keep_seconds
        self._told: dict[int, int] = {}

    def close(self) -> None:
        self._redis.close()

    def told(self) -> dict[int, int]:
        """By partition, what Redis says now; what is absent it was never told, or it lost all."""
        found = self._redis.hgetall(applied_key(JOB))
        self._told = {int(place.split(b"/")[1]): int(last) + 1 for place, last in found.items()}
        return self._told

    def forget(self) -> None:
        """What the graph had applied it has not any more."""
        self._redis.delete(applied_key(JOB))

    def tell(self, changed: Mapping[int, str], next: Iterable[int]) -> None:
        """`changed` is for each person the position of their last change. Raises `Forgotten`."""
        before, now = self._told, self.told()
        if any(now.get(partition, offset) < offset for partition, offset in before.items()):
            raise Forgotten(f"Redis was told {before} and knows {now}")
        pipeline = self._redis.pipeline(transaction=False)
        for user_id, position in changed.items():
            pipeline.set(stamp_key(user_id), position, px=self._stamp_ms)
        marks = {f"{TOPIC}/{n}": offset - 1 for n, offset in enumerate(next) if offset}
        if marks:
            pipeline.hset(applied_key(JOB), mapping=marks)
        pipeline.execute()
        self.told()
