"""What did these authors say lately?

Redis       each author's newest entries, in order (`views.timelines`), so the last bytes are
            the newest
Cassandra   all of them; asked where Redis has too few, by one at a time in a process, and
            afterwards Redis has them; and shortly before what Redis has ends
            (`serving/lives.py`)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from serving.errors import StoreUnavailable
from serving.lives import ends_soon, jittered, looked_at
from serving.paging import NEWEST
from serving.single_flight import SingleFlight
from serving.stores.cassandra import OF_AUTHOR, CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from stores.shards import Call
from views.timelines import (
    ENTRY_BYTES,
    HEADER_BYTES,
    PARTIAL,
    WHOLE,
    bucket_of,
    pack,
    unpack,
    user_key,
)

AT_ONCE = 256  # statements on their way to Cassandra
FEW = 8  # of each of many authors, at least, before those who may have more are asked again
MORE = 4  # times as many


class Lately(NamedTuple):
    """An author's newest, the oldest of them first; `all` where there are no more that count."""

    ids: Sequence[int]
    all: bool


Ask = Callable[[Sequence[int], int], Sequence[Lately]]
"""The newest so many of each of these authors."""


class Recents:
    """Thread-safe. Every method may raise `StoreUnavailable`."""

    def __init__(self, settings: Settings, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._settings, self._redis, self._cassandra = settings, redis, cassandra
        self._flights: SingleFlight[tuple[int, int], Lately] = SingleFlight()

    def of(self, authors: Sequence[int], count: int | None = None) -> list[Lately]:
        """The newest `count` of each, in one round trip where Redis has them; by default all that
        a timeline can hold."""
        many = self._settings.timeline_cap if count is None else count
        tails = [self._call(author, "GETRANGE", -ENTRY_BYTES * many, -1) for author in authors]
        looked = looked_at(authors)
        said = self._redis.timelines([*tails, *(self._call(author, "TTL") for author in looked)])
        replies, lives = said[: len(tails)], said[len(tails) :]
        self._renew([a for a, left_s in zip(looked, lives, strict=True) if self._ends(left_s)])
        found = [_read(reply) for reply in replies]
        lacking = [author for author, lately in zip(authors, found, strict=True) if lately is None]
        if not lacking:
            return found
        asked = dict(zip(lacking, self._once(lacking, many), strict=True))
        return [
            # What was written lately may not have reached Cassandra when another asked it.
            _with(asked[author], reply) if author in asked else lately
            for author, lately, reply in zip(authors, found, replies, strict=True)
        ]

    def from_cassandra(self, authors: Sequence[int], count: int) -> list[Lately]:
        """The same without Redis."""
        found = []
        for some in _chunks(authors):
            begun = self._cassandra.begin([(OF_AUTHOR, (a, NEWEST, count)) for a in some])
            found += self._cassandra.finish(begun)
        return [
            Lately([row["id"] for row in reversed(rows)], all=len(rows) < count) for rows in found
        ]

    def _call(self, author: int, command: str, *arguments: int) -> Call:
        buckets = self._settings.timeline_buckets
        return bucket_of(author, buckets), (command, user_key(author, buckets), *arguments)

    def _ends(self, left_s: int) -> bool:
        return ends_soon(left_s, self._settings.timeline_seconds)

    def _renew(self, authors: Sequence[int]) -> None:
        """Has Redis keep these for another life, as Cassandra knows them now."""
        if authors:
            with suppress(StoreUnavailable):  # it has not ended yet; the next look tries again
                self._once(authors, self._settings.timeline_cap)

    def _once(self, authors: Sequence[int], count: int) -> list[Lately]:
        def ask(keys: list[tuple[int, int]]) -> list[Lately]:
            asked = [author for author, _ in keys]
            found = self.from_cassandra(asked, count)
            with suppress(StoreUnavailable):  # the answer is known; the next reader refills
                self._redis.timelines(map(self._refill, asked, found))
            return found

        return self._flights.many([(author, count) for author in authors], ask)

    def _refill(self, author: int, lately: Lately) -> Call:
        s = self._settings
        everything = lately.all or len(lately.ids) >= s.timeline_cap
        function, slack = ("author_put", ()) if everything else ("author_push", (s.timeline_slack,))
        key = user_key(author, s.timeline_buckets)
        keep = (s.timeline_cap, *slack, jittered(s.timeline_seconds))
        call = ("FCALL", function, 1, key, pack(lately.ids), *keep)
        return bucket_of(author, s.timeline_buckets), call


def newest(authors: Sequence[int], cap: int, ask: Ask) -> set[int]:
    """At least the newest `cap` of all that the authors said.

    A few of each at first; then more of those whose few all count.

    >>> said = {1: [1, 2, 3, 4], 2: [9]}
    >>> sorted(newest([1, 2], 2, lambda who, n: [Lately(said[a][-n:], n > 4) for a in who]))
    [1, 2, 3, 4, 9]
    """
    found: dict[int, Lately] = {}
    left, count = list(authors), max(FEW, 2 * cap // max(1, len(authors)))
    while left:
        found.update(zip(left, ask(left, min(count, cap)), strict=True))
        ids = sorted((id for lately in found.values() for id in lately.ids), reverse=True)
        bottom = ids[cap - 1] if len(ids) >= cap else 0
        left = [
            author
            for author in left
            if count < cap and not found[author].all and found[author].ids[0] > bottom
        ]
        count *= MORE
    return {id for lately in found.values() for id in lately.ids}


def _read(reply: bytes) -> Lately | None:
    """None where Redis has fewer than there may be."""
    header = reply[:HEADER_BYTES]
    if header == WHOLE:
        return Lately(unpack(reply[HEADER_BYTES:]), all=True)
    if header in (b"", PARTIAL):
        return None
    return Lately(unpack(reply), all=False)  # no id is 0, or all ones: these are entries alone


def _with(lately: Lately, reply: bytes) -> Lately:
    more = unpack(reply[HEADER_BYTES:])
    return lately._replace(ids=sorted({*lately.ids, *more})) if more else lately


def _chunks(authors: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(authors)
    while some := list(islice(rest, AT_ONCE)):
        yield some
