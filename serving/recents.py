"""What did these authors say lately?

Redis       each author's newest entries, packed (`views.timelines`); trusted where it is whole
Cassandra   all of them: makes one whole that is not
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from serving.errors import StoreUnavailable
from serving.paging import NEWEST
from serving.stores.cassandra import OF_AUTHOR, CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from stores.shards import Call
from views.timelines import bucket_of, entries_of, is_whole, pack, user_key


class Recents:
    def __init__(self, settings: Settings, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._settings, self._redis, self._cassandra = settings, redis, cassandra

    def of(self, authors: Sequence[int]) -> bytes:
        """The newest entries of each, one author's after the other's. Raises `StoreUnavailable`."""
        buckets = self._settings.timeline_buckets
        found = self._redis.timelines(
            (bucket_of(author, buckets), ("GET", user_key(author, buckets))) for author in authors
        )
        lacking = [a for a, value in zip(authors, found, strict=True) if not is_whole(value)]
        entries = [entries_of(value) for value in found]
        return b"".join(entries + self._refill(lacking))

    def _refill(self, authors: Sequence[int]) -> list[bytes]:
        """From Cassandra; afterwards Redis has them too."""
        s = self._settings
        asked = [(OF_AUTHOR, (author, NEWEST, s.timeline_cap)) for author in authors]
        answers = self._cassandra.finish(self._cassandra.begin(asked))
        found = [pack(row["id"] for row in reversed(rows)) for rows in answers]
        with suppress(StoreUnavailable):  # the answer is known; the next reader refills
            self._redis.timelines(map(self._put, authors, found))
        return found

    def _put(self, author: int, entries: bytes) -> Call:
        s = self._settings
        keep = (s.timeline_cap, s.timeline_seconds)
        put = ("FCALL", "author_put", 1, user_key(author, s.timeline_buckets), entries, *keep)
        return bucket_of(author, s.timeline_buckets), put
