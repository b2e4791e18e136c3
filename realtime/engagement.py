"""How does the search engine know what much was made of, without writing each like?

A tweet's document has a power of two: log2 of one more than its likes, retweets, replies and
quotes. The counts of tweets that somebody acted on are looked at a moment later; written is a power
that has grown. So a tweet with a million likes is written twenty times. What is exact is read where
answers are made (`serving/search/ranking.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
            counted = self._acted_on.counted()
        except RedisError:
            return {}
        grown = {
            id: n for id, counts in counted.items() if (n := power(counts)) > self._known.get(id, 0)
        }
        self._known.update(grown)
        return grown

    def powers(self, ids: list[int]) -> dict[int, int]:
        """By what Redis has counted. Raises `RedisError`."""
        return {id: power(counts) for id, counts in self._acted_on.counts(ids).items()}

    def forget(self) -> None:
        """The index is another one, or went back: what was written may not be there."""
        self._known.clear()

    def lost(self, grown: Iterable[int]) -> None:
        """These were not written; they are looked at again."""
        for id in grown:
            self._known.pop(id, None)
            self._acted_on.noted[id] = 0.0


def power(counts: Mapping[str, int]) -> int:
    """
    >>> power({"like_count": 6, "reply_count": 2})
    3
    """
    return (1 + acts(counts)).bit_length() - 1
