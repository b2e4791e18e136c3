"""How does a home timeline come to be that Redis does not have?

It was never read, or not for long, or Redis was lost. One request builds it, over all processes,
and meanwhile tweets are pushed to it as to any other:

1. It is there from now on, with a nonce instead of what says that it is whole.
2. Cassandra must know all that fan-out has applied until then; what comes later is pushed.
3. Whom the reader follows, what those said lately, and which of them are pulled.
4. All that is merged with what was pushed, if the nonce still stands: an edge that went meanwhile
   takes the timeline away, and the building begins again.

A process builds only a few at once, so that a Redis that was lost does not become a Cassandra that
is overrun. Whoever gets no turn, or waits too long, is told so and answered otherwise
(docs/decisions/0075-a-home-that-redis-has-not.md).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from ingest.events import EdgePlanned
from ingest.positions import applied_key
from serving.asides import Asides
from serving.errors import StoreUnavailable
from serving.lives import jittered
from serving.metrics import HOMES
from serving.recents import Recents, newest
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from views.following import FOLLOWING as FOLLOWING_VIEW
from views.home_timeline import HOME_TIMELINE
from views.pulled_authors import ALL
from views.tables import KEYSPACE
from views.timelines import (
    HEADER_BYTES,
    bucket_of,
    home_key,
    is_whole,
    pack,
    pulls_key,
    user_key,
)

FOLLOWING = FOLLOWING_VIEW.name
BUILDING_SECONDS = 10  # a timeline whose builder died is gone after that
SECONDS_BETWEEN_LOOKS = 0.01
SECONDS_BEHIND = 1.0  # nobody tries again so long after Cassandra was behind
PUSHED_AGAIN = 500  # authors of one reader who came back, at most
PULLED_AUTHORS = f"SELECT author_id FROM {KEYSPACE}.pulled_authors WHERE part = ?"
PULLED_EDGES = f"SELECT author_id FROM {KEYSPACE}.pulled_edges WHERE reader_id = ?"


class Home(NamedTuple):
    """What Redis has for one reader: the timeline, the pull list, the reader's own tweets."""

    timeline: bytes | None
    pulls: bytes | None
    own: bytes | None


class Following(NamedTuple):
    """Whom a reader follows; of them those whom everybody pulls, and whom this reader does."""

    authors: list[int]
    celebrities: set[int]
    planned: set[int]

    @property
    def pulled(self) -> set[int]:
        return self.celebrities | self.planned


def following(cassandra: CassandraStore, reader: int, edges: str) -> Following:
    """`edges` is the view of the reader's edges. Raises `StoreUnavailable`."""
    asked = [(PULLED_AUTHORS, (ALL,)), (PULLED_EDGES, (reader,))]
    begun = cassandra.begin(asked)
    (found,) = cassandra.edges_of([(edges, reader)])
    authors = [author for author, _, _ in found]
    everybodys, own = ({row["author_id"] for row in rows} for rows in cassandra.finish(begun))
    return Following(authors, everybodys.intersection(authors), own.intersection(authors))


class HomeBuilding:
    """Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        redis: RedisStore,
        cassandra: CassandraStore,
        recents: Recents,
        asides: Asides,
    ) -> None:
        self._settings, self._redis, self._cassandra = settings, redis, cassandra
        self._recents, self._asides = recents, asides
        self._turns = threading.BoundedSemaphore(settings.homes_built_at_once)
        self._fanout_was_met = False
        self._behind_until = 0.0

    def build(self, reader: int, edges: str, *, patient: bool = False) -> Home:
        """The home once it is whole, whoever builds it.

        Raises `StoreUnavailable` after `home_wait_seconds`, or, `patient`, as long as a read waits
        for its own write; or where a store cannot say what it needs.
        """
        s = self._settings
        wait_s = s.read_after_timeout_seconds if patient else s.home_wait_seconds
        deadline = time.monotonic() + wait_s
        while True:
            home = self._look(reader)
            if is_whole(home.timeline):
                return home
            left = deadline - time.monotonic()
            if left <= 0 or (not patient and self._behind_until > time.monotonic()):
                raise StoreUnavailable("redis", "the home timeline is being built")
            if home.timeline is not None:  # somebody else builds it
                time.sleep(SECONDS_BETWEEN_LOOKS)
            elif self._turns.acquire(timeout=left):
                try:
                    self._build(reader, edges, deadline)
                finally:
                    self._turns.release()

    def _look(self, reader: int) -> Home:
        buckets = self._settings.timeline_buckets
        keys = (key(reader, buckets) for key in (home_key, pulls_key, user_key))
        return Home(*self._redis.timelines([(bucket_of(reader, buckets), ("MGET", *keys))])[0])

    def _build(self, reader: int, edges: str, deadline: float) -> None:
        s = self._settings
        bucket, key = bucket_of(reader, s.timeline_buckets), home_key(reader, s.timeline_buckets)
        nonce = b"\x01" + secrets.token_bytes(HEADER_BYTES - 1)
        begin = ("SET", key, nonce, "NX", "EX", BUILDING_SECONDS)
        if self._redis.timelines([(bucket, begin)])[0] is None:
            return  # somebody was faster
        with self._dropped_if_it_fails(bucket, key):
            self._wait_for_cassandra(deadline)
            known = following(self._cassandra, reader, edges)
            entries = newest(known.authors, s.timeline_cap, self._recents.of)
            keys = (key, pulls_key(reader, s.timeline_buckets))
            finish = ("FCALL", "timeline_finish", 2, *keys, nonce, pack(sorted(entries)))
            keep = (pack(known.pulled), s.timeline_cap, jittered(s.timeline_seconds))
            if self._redis.timelines([(bucket, (*finish, *keep))])[0] is not None:
                HOMES.labels("built").inc()
                self._welcome_back(reader, known)

    @contextmanager
    def _dropped_if_it_fails(self, bucket: int, key: str) -> Iterator[None]:
        """Nobody need wait for a timeline whose builder gave up."""
        try:
            yield
        except BaseException:
            with suppress(StoreUnavailable):
                self._redis.timelines([(bucket, ("UNLINK", key))])
            raise

    def _welcome_back(self, reader: int, known: Following) -> None:
        """Who pulls more than a reader should was away for long, and was planned to pull all: from
        now on they are pushed to again."""
        if len(known.planned) <= self._settings.pulled_edges_max:
            return
        now_ms = time.time_ns() // 1_000_000
        for author in sorted(known.planned)[-PUSHED_AGAIN:]:
            self._asides.tell(
                EdgePlanned(
                    at_ms=now_ms, author_id=author, reader_id=reader, generation=0, pulled=False
                )
            )

    def _wait_for_cassandra(self, deadline: float) -> None:
        """Until the state job has applied what the fan-out job had when this began."""
        while not (wanted := self._applied("fanout")) and self._fanout_was_met:
            self._pause(deadline)  # Redis was lost; the jobs repeat their marks every second
        self._fanout_was_met = self._fanout_was_met or bool(wanted)
        while not self._has_come(self._applied("state"), wanted):
            self._pause(deadline)

    @staticmethod
    def _has_come(applied: dict[bytes, int], wanted: dict[bytes, int]) -> bool:
        return all(applied.get(place, -1) >= offset for place, offset in wanted.items())

    def _pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            self._behind_until = time.monotonic() + SECONDS_BEHIND
            raise StoreUnavailable("cassandra", "it does not yet know what was delivered")
        time.sleep(SECONDS_BETWEEN_LOOKS)

    def _applied(self, job: str) -> dict[bytes, int]:
        topics = tuple(f"{topic}/".encode() for topic in HOME_TIMELINE.topics)
        marks = self._redis.command("HGETALL", applied_key(job))
        return {place: int(mark) for place, mark in marks.items() if place.startswith(topics)}
