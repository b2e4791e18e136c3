"""What does a reader care for? The tags of what they lately liked and wrote, and whose tweets they
liked.

    si:<reader>   the answer, for `search_interests_seconds`

It moves what a search finds up a little, so a search does without it where a store is away.

>>> written = [TweetRow(1, 7, "#Storm and #flood"), TweetRow(2, 7, "more #storm")]
>>> drawn(7, liked=[TweetRow(3, 8, "a #storm"), TweetRow(4, 7, "my own")], written=written)
Likings(tags=['storm', 'flood'], authors=[8])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from ingest.events.entities import hashtags
from ingest.events.words import folded
from serving.errors import StoreUnavailable
from serving.paging import NEWEST
from serving.rows import Rows, TweetRow
from serving.stores.cassandra import CassandraStore
from serving.stores.opensearch import among
from serving.stores.redis import RedisStore
from settings import Settings

LOOKED_AT = 50  # of what was liked, and of what was written, the newest
MOST = 20  # tags, and authors, those met most often


class Likings(NamedTuple):
    """Tags are folded, those met most often first; the reader is none of the authors."""

    tags: Sequence[str] = ()
    authors: Sequence[int] = ()

    def have(self, row: TweetRow) -> bool:
        """Whether the tweet is one that the reader cares for."""
        return row.author_id in self.authors or not _tags(row).isdisjoint(self.tags)

    @property
    def query(self) -> dict[str, Any] | None:
        """The same in OpenSearch's language; None where there are none."""
        named = {"hashtags": self.tags, "author_id": self.authors}
        should = [among(field, values) for field, values in named.items() if values]
        return {"bool": {"should": should, "minimum_should_match": 1}} if should else None


NONE = Likings()


def drawn(reader_id: int, *, liked: Iterable[TweetRow], written: Iterable[TweetRow]) -> Likings:
    """What follows from these."""
    liked = list(liked)
    tags = Counter(tag for row in chain(liked, written) for tag in _tags(row))
    authors = Counter(row.author_id for row in liked if row.author_id != reader_id)
    return Likings(*([value for value, _ in met.most_common(MOST)] for met in (tags, authors)))


def _tags(row: TweetRow) -> set[str]:
    return {folded(found.tag) for found in hashtags(row.text)}


class Interests:
    def __init__(
        self, settings: Settings, redis: RedisStore, cassandra: CassandraStore, rows: Rows
    ) -> None:
        self._settings, self._redis = settings, redis
        self._cassandra, self._rows = cassandra, rows

    def of(self, reader_id: int) -> Likings:
        """Those of the reader, at most a while old; none of nobody, or while a store is away."""
        if not reader_id:
            return NONE
        key = f"si:{reader_id}"
        try:
            if (kept := self._redis.command("GET", key)) is not None:
                return msgspec.msgpack.decode(kept, type=Likings)
            found = self._looked_up(reader_id)
            value = msgspec.msgpack.encode(found)
            self._redis.command("SET", key, value, "EX", self._settings.search_interests_seconds)
        except StoreUnavailable:
            return NONE
        return found

    def _looked_up(self, reader_id: int) -> Likings:
        """Three round trips at most. A retweet says what its source does."""
        newest = {"before": NEWEST, "limit": LOOKED_AT}
        liked = self._cassandra.beside("liked_tweets", reader_id, **newest)
        written = self._cassandra.ids_of_author(reader_id, **newest)
        found = self._rows.fetch(tweets=list({*liked, *written})).tweets
        sources = {row.retweet_of_id for row in found.values()} - found.keys() - {None}
        found |= self._rows.fetch(tweets=list(sources)).tweets if sources else {}
        own = [found[id] for id in written if id in found]
        said = [found.get(row.retweet_of_id or row.id, row) for row in own]
        return drawn(reader_id, liked=[found[id] for id in liked if id in found], written=said)
