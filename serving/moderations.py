"""What holds of these tweets by moderation?

    Redis       a hash a tweet: what the scorer said last, and what a person decided last. It is
                whole where it says so, or where the first score came right after the tweet
    Cassandra   both rows: fills such a hash, and answers alone while Redis is away

What Redis lacks while Cassandra is away counts as unsaid if it would be there had it been said: of
tweets younger than rows are kept in Redis. The answer then says that it is stale.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from ingest.ids import timestamp_ms
from serving.errors import StoreUnavailable
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import Command, RedisStore
from settings import Settings
from views.moderation_states import (
    DECISION,
    IN_REDIS,
    MODERATION_STATES,
    SCORE,
    Moderation,
    holds,
    is_first,
)
from views.rows import LOADED, PLACES, pack_row, unpack_row

STALE = frozenset({"moderation"})
SOURCES = (SCORE, DECISION)
PLACE = PLACES[MODERATION_STATES.name]

Reply = Sequence[bytes | None]
"""Whether the hash is whole, and the row of each source."""


class Moderations:
    def __init__(self, settings: Settings, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._redis, self._cassandra = redis, cassandra
        self._kept_ms = settings.speed_row_ttl_hours * 3_600_000

    def commands(self, ids: Iterable[int]) -> list[Command]:
        """What asks Redis, one a tweet; the replies are for `read`."""
        return [("HMGET", PLACE.key((id, SCORE)), LOADED, *SOURCES) for id in ids]

    def read(self, replies: Mapping[int, Reply]) -> tuple[dict[int, Moderation], frozenset[str]]:
        """From the replies of Redis by tweet, and what of it is stale. Raises `StoreUnavailable`
        where nobody can say."""
        found: dict[int, Moderation] = {}
        unsure: dict[int, Moderation] = {}
        for id, (loaded, *values) in replies.items():
            rows = [_row(value) for value in values]
            whole = loaded is not None or is_first(id, rows[0])
            (found if whole else unsure)[id] = holds(*rows)
        if not unsure:
            return found, frozenset()
        try:
            return found | self._loaded(list(unsure)), frozenset()
        except StoreUnavailable:
            oldest = time.time_ns() // 1_000_000 - self._kept_ms
            if any(timestamp_ms(id) < oldest for id in unsure):
                raise
            return found | unsure, STALE

    def without_redis(self, ids: Sequence[int]) -> dict[int, Moderation]:
        """The same from Cassandra."""
        return {id: _together(rows) for id, rows in self._cassandra.moderated(ids).items()}

    def _loaded(self, ids: list[int]) -> dict[int, Moderation]:
        """From Cassandra; Redis has it then. Whoever writes meanwhile is later, and stays so."""
        keys = [PLACE.key((id, SCORE)) for id in ids]
        nonces: list[bytes] = []
        with suppress(StoreUnavailable):  # Cassandra alone can say too
            mine = secrets.token_bytes(8)
            begun = [command for key in keys for command in self._redis.begin_edges(key, mine)]
            nonces = self._redis.pipeline(begun)[1::3]
        rows = self._cassandra.moderated(ids)
        if nonces:
            with suppress(StoreUnavailable):
                self._redis.pipeline(
                    self._redis.load_edges(key, nonce, _pairs(rows[id]))
                    for id, key, nonce in zip(ids, keys, nonces, strict=True)
                    if nonce
                )
        return {id: _together(rows[id]) for id in ids}


def _together(rows: Mapping[str, Mapping[str, Any]]) -> Moderation:
    return holds(rows.get(SCORE), rows.get(DECISION))


def _row(value: bytes | None) -> Mapping[str, Any] | None:
    if value is None:
        return None
    _, row = unpack_row(value)
    return None if row is None else msgspec.json.decode(row)


def _pairs(rows: Mapping[str, Mapping[str, Any]]) -> list[str | bytes]:
    return [
        part
        for source, row in rows.items()
        for part in (source, pack_row(row["pos"], {name: row[name] for name in IN_REDIS}))
    ]
