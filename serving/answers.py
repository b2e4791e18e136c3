"""How is an answer from the graph kept, shared, renewed in time, and not believed when it is old?

    ga:<question>   the answer in Redis, with when it ends and the stamps it was computed under
    gs:<person>     the stamp of their last change (`views.follow_graph`)
    gc:<question>   somebody computes it

An answer holds until its end, about five minutes, and as long as the stamps of all whom it depends
on stand; so a change ends it at once, wherever it is kept. One caller of all processes computes,
the others take what was there if it only ran out, or wait. Shortly before its end a caller now and
then renews it, the likelier the nearer the end and the longer it takes (Vattani, Chierichetti,
Lowenstein: "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015). While the graph is away
the last answer is given for an hour, said to be stale.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from serving.errors import StoreUnavailable
from serving.metrics import GRAPH_ANSWERS
from serving.stores.neo4j import Ranked
from serving.stores.redis import RedisStore
from settings import Settings
from views.follow_graph import answer_key, computing_key, stamp_key

JITTER = 0.1  # of an answer's life: what was computed together does not end together
EAGERNESS = 1.0  # the paper's beta; more renews earlier
SECONDS_BETWEEN_LOOKS = 0.01

Stamps = list[bytes | None]


class Kept(msgspec.Struct, array_like=True):
    """An answer as it lies in Redis. `took_s` is what computing it took."""

    rows: Ranked
    stamps: Stamps
    ends_at: float
    took_s: float

    def ends_early(self, now: float) -> bool:
        """Whether this caller should take it for ended already."""
        return now - self.took_s * EAGERNESS * math.log(1 - random.random()) >= self.ends_at


class Answer(NamedTuple):
    rows: Ranked
    stale: bool


class Answers:
    def __init__(self, settings: Settings, redis: RedisStore) -> None:
        self._settings, self._redis = settings, redis
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Kept).decode

    def get(self, question: str, people: Sequence[int], compute: Callable[[], Ranked]) -> Answer:
        """The answer, which depends on the edges of `people`. Raises `StoreUnavailable`."""
        deadline = time.monotonic() + 2 * self._lease_s
        while time.monotonic() < deadline:
            try:
                kept, stamps = self._look(question, people)
                ended = kept is None or kept.stamps != stamps or time.time() >= kept.ends_at
                if kept and not ended and not kept.ends_early(time.time()):
                    return self._told("kept", kept.rows)
                mine = self._take_turn(question)
            except StoreUnavailable:
                return self._told("computed", compute())  # Redis is away, so nothing is shared
            if mine:
                return self._mine(question, people, kept, compute)
            if kept and kept.stamps == stamps:  # somebody renews it
                return self._told("kept", kept.rows, stale=ended)
            time.sleep(SECONDS_BETWEEN_LOOKS)
        raise StoreUnavailable("neo4j", f"{question} is still being computed")

    def _look(self, question: str, people: Sequence[int]) -> tuple[Kept | None, Stamps]:
        keys = (answer_key(question), *map(stamp_key, people))
        value, *stamps = self._redis.command("MGET", *keys)
        return (self._decode(value) if value else None), stamps

    def _take_turn(self, question: str) -> bool:
        lease_ms = int(self._lease_s * 1000)
        return bool(self._redis.command("SET", computing_key(question), 1, "NX", "PX", lease_ms))

    def _mine(
        self,
        question: str,
        people: Sequence[int],
        before: Kept | None,
        compute: Callable[[], Ranked],
    ) -> Answer:
        """Computes it, unless somebody did between the look and the turn."""
        try:
            kept, stamps = self._look(question, people)
        except StoreUnavailable:
            return self._told("computed", compute())
        if kept is not None and kept != before and kept.stamps == stamps:
            self._pipeline([("DEL", computing_key(question))])
            return self._told("kept", kept.rows)
        return self._renewed(question, kept, stamps, compute)

    def _renewed(
        self, question: str, kept: Kept | None, stamps: Stamps, compute: Callable[[], Ranked]
    ) -> Answer:
        """`stamps` were looked at before: what changes from here on is not in the answer, or is in
        it and ends it all the same."""
        began = time.monotonic()
        try:
            rows = compute()
        except StoreUnavailable:
            self._pipeline([("DEL", computing_key(question))])
            if kept is None:
                raise
            return self._told("stale", kept.rows, stale=True)
        life_s = self._settings.graph_cache_seconds * random.uniform(1 - JITTER, 1)
        made = Kept(rows, stamps, time.time() + life_s, time.monotonic() - began)
        keep_s = self._settings.graph_cache_keep_seconds
        self._pipeline(
            [
                ("SET", answer_key(question), self._encode(made), "EX", keep_s),
                ("DEL", computing_key(question)),
            ]
        )
        return self._told("computed", rows)

    def _pipeline(self, commands: list[tuple[str | bytes | int, ...]]) -> None:
        with suppress(StoreUnavailable):  # the answer is known
            self._redis.pipeline(commands)

    def _told(self, how: str, rows: Ranked, *, stale: bool = False) -> Answer:
        GRAPH_ANSWERS.labels(how).inc()
        return Answer(rows, stale)

    @property
    def _lease_s(self) -> float:
        """Longer than computing can take; after that somebody else may try."""
        return self._settings.graph_timeout_seconds + 2 * self._settings.store_timeout_seconds
