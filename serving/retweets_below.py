"""Which retweets on a page are of a tweet that stands below them anyway?

What an entry is a retweet of never changes, so a process remembers it of the entries that it met.
Rows are asked for only where a page has retweets, and then those that it does not remember, at
once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from cachetools import LRUCache

from serving.home_rules import day_before, older_retweets
from serving.rows import Found, TweetRow
from serving.standing import Standing

REMEMBERED = 50_000  # entries, about 12 MB

Shown = Callable[[list[int]], tuple[list[TweetRow], Found]]
"""Those of these ids that this reader is shown, whatever they are retweets of; and what was found
for it."""


class FetchesTweets(Protocol):
    """What of `Rows` is used."""

    def fetch(self, *, tweets: Sequence[int]) -> Found: ...


class RetweetsBelow:
    """Thread-safe."""

    def __init__(self, rows: FetchesTweets, *, since: Callable[[int], int] = day_before) -> None:
        """`since` gives the oldest id that a retweet is compared with."""
        self._rows, self._since = rows, since
        self._known: LRUCache[int, int | None] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()

    def collapse(
        self, rows: Sequence[TweetRow], standing: Standing, shown: Shown, sources: set[int]
    ) -> list[TweetRow]:
        """The rows, which are shown, without retweets that repeat what stands below.

        `sources` are those of the retweets' sources that are shown themselves where they stand.
        """
        self._learn(rows)
        retweets = {row.id: row.retweet_of_id for row in rows if row.retweet_of_id is not None}
        out = {id for id, of in retweets.items() if of in sources and standing.holds(of)}
        below = {id: standing.between(self._since(id), id) for id in retweets if id not in out}
        source_of = self._sources({other for ids in below.values() for other in ids}).get
        older = {id: older_retweets(retweets[id], ids, source_of) for id, ids in below.items()}
        doubted = {other for others in older.values() for other in others}
        seen = {row.id for row in rows}
        if doubted - seen:
            more, _ = shown(sorted(doubted - seen, reverse=True))
            seen |= {row.id for row in more}
        out |= {id for id, others in older.items() if not seen.isdisjoint(others)}
        return [row for row in rows if row.id not in out]

    def _sources(self, ids: Iterable[int]) -> dict[int, int | None]:
        """What each of them is a retweet of; None for what is none, or is gone."""
        with self._lock:
            found = {id: self._known[id] for id in ids if id in self._known}
        if unknown := [id for id in ids if id not in found]:
            rows = self._rows.fetch(tweets=unknown).tweets.values()
            self._learn(rows)
            found |= {row.id: row.retweet_of_id for row in rows}
        return found

    def _learn(self, rows: Iterable[TweetRow]) -> None:
        with self._lock:
            self._known.update((row.id, row.retweet_of_id) for row in rows)
