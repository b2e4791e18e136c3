"""How is a search answered best first, in pages that hold?

What is found is ranked once, the best two hundred, and the order is kept for ten minutes under the
moment of it. A page token says that moment and how far one has read; so nothing is missed or comes
twice, however counts move meanwhile. An order that is gone is made again as of its moment.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from serving.documents import Documents
from serving.errors import StoreUnavailable
from serving.pages import Page
from serving.paging import NEWEST, Cursor
from serving.render.selection import Selection
from serving.rows import Found, TweetRow
from serving.search.hot import digest
from serving.search.interests import Interests, Likings
from serving.search.ranking import Hit, fits_best
from serving.stores.redis import RedisStore
from serving.timelines import Window
from serving.visibility import visible_tweets
from views.search_index import acts

BEST = 200
RANK_BITS = 8
KEPT_SECONDS = 600
RANKING = Selection(tweet_fields=frozenset({"id", "text", "public_metrics"}))

Look = Callable[[int, Likings], list[Hit]]
"""The best that a search finds for the reader, as of a moment (milliseconds since 1970), by what
they care for."""


class Relevancy:
    """Methods raise `StoreUnavailable`."""

    def __init__(self, redis: RedisStore, documents: Documents, interests: Interests) -> None:
        self._redis, self._documents, self._interests = redis, documents, interests

    def page(
        self,
        viewer_id: int,
        question: str,
        look: Look,
        cursor: Cursor,
        limit: int,
        now_ms: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """`question` names the search; the page has no tokens but the next."""
        as_of, rank = now_ms, 0
        if cursor.older_than != NEWEST:
            as_of, rank = cursor.older_than >> RANK_BITS, cursor.older_than % (1 << RANK_BITS)
        order = self._order(viewer_id, f"{question}/{viewer_id}/{as_of}", look, as_of, window)
        rows: list[TweetRow] = []
        found = Found()
        while len(rows) < limit and rank < len(order):
            ids = order[rank : rank + limit - len(rows)]
            found.add(self._documents.gather(viewer_id, ids, selection))
            rows += [r for r in visible_tweets(viewer_id, ids, found) if window.shows(r)]
            rank += len(ids)
        next = as_of << RANK_BITS | rank if rank < len(order) else None
        return Page(rows, found, older_than=next)

    def _order(
        self, viewer_id: int, name: str, look: Look, as_of: int, window: Window
    ) -> list[int]:
        key = f"so:{digest(name)}"
        with suppress(StoreUnavailable):
            if (kept := self._redis.command("GET", key)) is not None:
                return msgspec.msgpack.decode(kept, type=list[int])
        likings = self._interests.of(viewer_id)
        order = self._ranked(viewer_id, look(as_of, likings), likings, as_of, window)
        with suppress(StoreUnavailable):
            value = msgspec.msgpack.encode(order)
            self._redis.command("SET", key, value, "EX", KEPT_SECONDS)
        return order

    def _ranked(
        self, viewer_id: int, hits: list[Hit], likings: Likings, as_of: int, window: Window
    ) -> list[int]:
        ids = [hit.id for hit in hits]
        found = self._documents.gather(viewer_id, ids, RANKING)
        rows = {r.id: r for r in visible_tweets(viewer_id, ids, found) if window.shows(r)}
        counts = found.tweet_counts
        engagement = {id: acts(counts.get(row.counted_id, {})) for id, row in rows.items()}
        relations = found.relations
        followed = {
            id for id, row in rows.items() if (r := relations.get(row.author_id)) and r.following
        }
        liked = {id for id, row in rows.items() if likings.have(row)}
        there = [hit for hit in hits if hit.id in rows]
        return fits_best(there, as_of, engagement, followed, liked)
