"""How is a search that many ask for at once looked up once?

    sn:<question>   how often it was asked in this while
    sq:<question>   what it finds, for anybody: ids alone, for `search_cache_seconds`

Only what is asked often is kept: an answer from here may be half a minute old, which is nothing to
a crowd and much to somebody who looks for what a friend has just written. Who reads is no part of
the question; what is theirs is added, and what is not for them left out, after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec

from serving.errors import StoreUnavailable
from serving.metrics import SEARCHES
from serving.single_flight import SingleFlight
from serving.stores.redis import RedisStore
from settings import Settings


class Hot:
    def __init__(self, settings: Settings, redis: RedisStore) -> None:
        self._settings, self._redis = settings, redis
        self._flights: SingleFlight[str, Any] = SingleFlight()

    def is_hot(self, question: str) -> bool:
        """Counts this asking; whether it is one of many. Nothing is hot while Redis is away."""
        key = f"sn:{digest(question)}"
        commands = [("INCR", key), ("EXPIRE", key, self._settings.search_cache_seconds, "NX")]
        try:
            asked, _ = self._redis.pipeline(commands)
        except StoreUnavailable:
            return False
        return int(asked) > self._settings.search_hot_asks

    def answer(self, question: str, compute: Callable[[], Any]) -> Any:
        """What is kept, else what is computed, once for all who ask this process meanwhile."""
        (found,) = self._flights.many([question], lambda _: [self._answer(question, compute)])
        return found

    def _answer(self, question: str, compute: Callable[[], Any]) -> Any:
        key = f"sq:{digest(question)}"
        with suppress(StoreUnavailable):
            if (kept := self._redis.command("GET", key)) is not None:
                SEARCHES.labels("kept").inc()
                return msgspec.msgpack.decode(kept)
        found = compute()
        SEARCHES.labels("looked up").inc()
        with suppress(StoreUnavailable):
            value = msgspec.msgpack.encode(found)
            self._redis.command("SET", key, value, "EX", self._settings.search_cache_seconds)
        return found


def digest(question: str) -> str:
    return hashlib.blake2b(question.encode(), digest_size=16).hexdigest()
