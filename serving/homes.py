"""How does a home timeline come to be that Redis does not have?

It was never read, or not for long, or Redis was lost. One request builds it, and meanwhile tweets
are pushed to it as to any other:

1. It is there from now on, with a nonce instead of what says that it is whole.
2. Cassandra must know all that fan-out has applied until then; what comes later is pushed.
3. Whom the reader follows, what those said lately, and which of them are pulled.
4. All that is merged with what was pushed, if the nonce still stands: an edge that went meanwhile
   takes the timeline away, and the building begins again.
"""

from __future__ import annotations

import secrets
import time
from typing import NamedTuple

from ingest.positions import applied_key
from serving.errors import StoreUnavailable
from serving.recents import Recents
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from views.home_timeline import HOME_TIMELINE
from views.pulled_authors import ALL
from views.tables import KEYSPACE
from views.timelines import (
    HEADER_BYTES,
    bucket_of,
    entries_of,
    home_key,
    is_whole,
    pack,
    pulls_key,
    settle,
    unpack,
    user_key,
)

BUILDING_SECONDS = 10  # a timeline whose builder died is gone after that
ATTEMPTS = 5
SECONDS_BETWEEN_LOOKS = 0.01
PULLED_AUTHORS = f"SELECT author_id FROM {KEYSPACE}.pulled_authors WHERE part = ?"
PULLED_EDGES = f"SELECT author_id FROM {KEYSPACE}.pulled_edges WHERE reader_id = ?"


class Home(NamedTuple):
    """What Redis has for one reader: the timeline, the pull list, the reader's own tweets."""

    timeline: bytes | None
    pulls: bytes | None
    own: bytes | None


class Homes:
    def __init__(
        self, settings: Settings, redis: RedisStore, cassandra: CassandraStore, recents: Recents
    ) -> None:
        self._settings, self._redis, self._cassandra = settings, redis, cassandra
        self._recents = recents

    def get(self, reader: int, edges: str = "following") -> Home:
        """A whole home timeline; built where it is not there.

        `edges` is the view of the reader's edges. Raises `StoreUnavailable`.
        """
        for _ in range(ATTEMPTS):
            home = self._look(reader)
            if is_whole(home.timeline):
                return home
            if home.timeline is None:
                self._build(reader, edges)
            else:  # somebody else does
                time.sleep(SECONDS_BETWEEN_LOOKS)
        raise StoreUnavailable("redis", "the home timeline is being built")

    def ids(self, home: Home, *, own: bool = True) -> list[int]:
        """The newest of what was pushed, what is pulled, and the reader's own; newest first."""
        pulled = self._recents.of(unpack(home.pulls)) if home.pulls else b""
        mine = entries_of(home.own) if own else b""
        return settle(entries_of(home.timeline) + mine + pulled, cap=self._settings.timeline_cap)

    def _look(self, reader: int) -> Home:
        buckets = self._settings.timeline_buckets
        keys = (home_key, pulls_key, user_key)
        asked = ("MGET", *(key(reader, buckets) for key in keys))
        return Home(*self._redis.timelines([(bucket_of(reader, buckets), asked)])[0])

    def _build(self, reader: int, edges: str) -> None:
        s = self._settings
        bucket, key = bucket_of(reader, s.timeline_buckets), home_key(reader, s.timeline_buckets)
        nonce = b"\x01" + secrets.token_bytes(HEADER_BYTES - 1)
        begin = ("SET", key, nonce, "NX", "EX", BUILDING_SECONDS)
        if self._redis.timelines([(bucket, begin)])[0] is None:
            return  # somebody was faster
        self._wait_for_cassandra()
        (following,) = self._cassandra.edges_of([(edges, reader)])
        authors = [author for author, _, _ in following]
        pulled = self._pulled(reader).intersection(authors)
        entries = self._recents.of(authors)
        keys = (key, pulls_key(reader, s.timeline_buckets))
        finish = ("FCALL", "timeline_finish", 2, *keys, nonce, entries, pack(pulled))
        self._redis.timelines([(bucket, (*finish, s.timeline_cap, s.timeline_seconds))])

    def _pulled(self, reader: int) -> set[int]:
        asked = [(PULLED_AUTHORS, (ALL,)), (PULLED_EDGES, (reader,))]
        found = self._cassandra.finish(self._cassandra.begin(asked))
        return {row["author_id"] for rows in found for row in rows}

    def _wait_for_cassandra(self) -> None:
        """Until the state job has applied what the fan-out job had when this began."""
        wanted = self._applied("fanout")
        deadline = time.monotonic() + self._settings.read_after_timeout_seconds
        while True:
            applied = self._applied("state")
            if all(applied.get(place, -1) >= offset for place, offset in wanted.items()):
                return
            if time.monotonic() > deadline:
                raise StoreUnavailable("cassandra", "it does not yet know what was delivered")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _applied(self, job: str) -> dict[bytes, int]:
        topics = tuple(f"{topic}/".encode() for topic in HOME_TIMELINE.topics)
        marks = self._redis.command("HGETALL", applied_key(job))
        return {place: int(mark) for place, mark in marks.items() if place.startswith(topics)}
