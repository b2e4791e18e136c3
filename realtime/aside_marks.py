"""How do readers hear what a store beside the speed layer has applied, and what is old by it?

In Redis: stamps of what changed, where answers are kept that a change ends, then the mark of how
far the store is (`applied:<job>`). Stamps come first: who waits for it meets no old answer.

A Redis that came back with less than it was told has lost stamps too; its mark shows that, for it
was written after them. Then what lies between is told again.
"""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis

from ingest.ends import Place
from ingest.positions import applied_key
from settings import Settings


class Forgotten(RuntimeError):
    """Redis knows less than it was told."""


class Marks:
    """Every method may raise `redis.RedisError`. Offsets are those to go on with."""

    def __init__(self, settings: Settings, job: str) -> None:
        self._redis = Redis.from_url(settings.redis_url, socket_timeout=5)
        self._key = applied_key(job)
        # An answer must not outlive the stamp that says it is old.
        self._stamp_ms = 2_000 * settings.graph_cache_keep_seconds
        self._told: dict[Place, int] = {}

    def close(self) -> None:
        self._redis.close()

    def told(self) -> dict[Place, int]:
        """By place, what Redis says now; what is absent it was never told, or it lost all."""
        found = self._redis.hgetall(self._key)
        self._told = {_place(name): int(last) + 1 for name, last in found.items()}
        return self._told

    def forget(self) -> None:
        """What the store had applied it has not any more."""
        self._redis.delete(self._key)

    def tell(self, stamps: Mapping[str, str], next: Mapping[Place, int]) -> None:
        """`stamps` are keys with the positions of the last change. Raises `Forgotten`."""
        before, now = self._told, self.told()
        if any(now.get(place, offset) < offset for place, offset in before.items()):
            raise Forgotten(f"Redis was told {before} and knows {now}")
        pipeline = self._redis.pipeline(transaction=False)
        for key, position in stamps.items():
            pipeline.set(key, position, px=self._stamp_ms)
        marks = {f"{topic}/{n}": offset - 1 for (topic, n), offset in next.items() if offset}
        if marks:
            pipeline.hset(self._key, mapping=marks)
        pipeline.execute()
        self.told()


def _place(name: bytes) -> Place:
    topic, _, partition = name.decode().partition("/")
    return topic, int(partition)
