"""How does the search engine know what much was made of, without writing each like?

A tweet's document has a power of two: log2 of one more than its likes, retweets, replies and
quotes. The counts of tweets that somebody acted on are looked at a moment later; written is a power
that has grown. So a tweet with a million likes is written twenty times. What is exact is read where
answers are made (`serving/search/ranking.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Iterable

from cachetools import LRUCache
from redis import RedisError

from realtime.acted_on import ActedOn
from settings import Settings
from views.search_index import acts

KNOWN = 100_000  # tweets whose power is remembered, so that the same is not written again


class Engagement:
    """Not for several threads."""

    def __init__(self, settings: Settings) -> None:
        self._acted_on = ActedOn(settings)
        self._known: LRUCache[int, int] = LRUCache(KNOWN)
        self.note, self.close = self._acted_on.note, self._acted_on.close

    def grown(self) -> dict[int, int]:
        """The powers that have grown, of tweets that somebody acted on a moment ago. None while
        Redis is away: they grow again."""
        try:
            powers = self.powers(due) if due else {}
            counted = self._acted_on.counted()
        except RedisError:
            return {}
        powers = {id: (1 + acts(counts)).bit_length() - 1 for id, counts in counted.items()}
        grown = {id: n for id, n in powers.items() if n > self._known.get(id, 0)}
        self._known.update(grown)
        return grown

    def forget(self) -> None:
        """The index is another one, or went back: what was written may not be there."""
        self._known.clear()

    def lost(self, grown: Iterable[int]) -> None:
        """These were not written; they are looked at again."""
        for id in grown:
            self._known.pop(id, None)
            self._noted[id] = 0.0

    def powers(self, ids: list[int]) -> dict[int, int]:
        """By what Redis has counted. Raises `RedisError`."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(pointer_key(TWEET_COUNTS.name))
            for id in ids:
                pipe.hgetall(counts_key(TWEET_COUNTS.name, id))
            pointer, *hashes = pipe.execute()
        view, through = TWEET_COUNTS, int(pointer or 0)
        counts = (read_counts(view.merge, view.measures, each, through) for each in hashes)
        return {id: power(found) for id, found in zip(ids, counts, strict=True)}


def power(counts: Mapping[str, int]) -> int:
    """
    >>> power({"like_count": 6, "reply_count": 2})
    3
    """
    return (1 + acts(counts)).bit_length() - 1


def _acted_on(event: Event) -> Iterator[int]:
    """The tweets that the event is about, of another or the same author."""
    match event:
        case Liked() | Retweeted():
            yield event.tweet_id
        case TweetPosted() | TweetEdited():
            if event.reply_to_id is not None:
                yield event.reply_to_id
            if event.quote_of_id is not None:
                yield event.quote_of_id
            self._acted_on.noted[id] = 0.0
