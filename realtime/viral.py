"""Which tweets have become so widely seen that they are to be judged again, by stricter limits?

Those whose likes and retweets together have reached `viral_acts`. A tweet is asked about once in
the life of the process; asking again would say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from cachetools import LRUCache
from redis import RedisError

from realtime.acted_on import ActedOn
from settings import Settings
from views.rows import tweet_key, unpack_row

KNOWN = 100_000  # tweets that were asked about


class Said(NamedTuple):
    """What a tweet says."""

    id: int
    author_id: int
    text: str


class Viral:
    """Not for several threads."""

    def __init__(self, settings: Settings) -> None:
        self._acted_on, self._least = ActedOn(settings), settings.viral_acts
        self._known: LRUCache[int, bool] = LRUCache(KNOWN)
        self.note, self.close = self._acted_on.note, self._acted_on.close

    def became(self) -> list[Said]:
        """Those that have become so. While Redis is away none: the next act asks again."""
        try:
            return list(self._became())
        except RedisError:
            return []

    def _became(self) -> Iterator[Said]:
        seen = [
            id
            for id, counts in self._acted_on.counted().items()
            if id not in self._known
            and counts.get("like_count", 0) + counts.get("retweet_count", 0) >= self._least
        ]
        if not seen:
            return
        # What so many act on is read too, and so has its row here; else the next act asks again.
        for id, value in zip(seen, self._acted_on.redis.mget(map(tweet_key, seen)), strict=True):
            if value is None:
                continue
            self._known[id] = True
            _, row = unpack_row(value)
            if row is not None:
                found = msgspec.json.decode(row)
                yield Said(id, found["author_id"], found["text"])
