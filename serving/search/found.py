"""Which tweets does a search find, and how many?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from serving.documents import Documents
from serving.pages import Candidates, Page
from serving.paging import NEWEST, Cursor
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.search.dsl import dsl
from serving.search.hot import Hot
from serving.search.query import parse
from serving.search.terms import NAMING, Node, terms
from serving.search.visible import ANYBODY, Dsl, Reader, reader, visible
from serving.stores.cassandra import CassandraStore
from serving.stores.opensearch import SearchStore, among
from serving.timelines import Timelines, Window
from views.search_index import ARCHIVE, TWEETS

INDEX = f"{TWEETS},{ARCHIVE}"
MINUTE_IDS = 60_000 << 22  # ids of a minute


class Asked(NamedTuple):
    """A query that was understood. `named` has the id of each username in it, or None."""

    node: Node
    named: Mapping[str, int | None]

    @property
    def name(self) -> str:
        """The same for queries that mean the same."""
        return f"{self.node}{sorted(self.named.items())}"

    @property
    def dsl(self) -> Dsl:
        return dsl(self.node, self.named)


class Search:
    """Methods raise `StoreUnavailable` while the search engine is away."""

    def __init__(
        self,
        store: SearchStore,
        cassandra: CassandraStore,
        documents: Documents,
        timelines: Timelines,
        hot: Hot,
    ) -> None:
        self._store, self._cassandra, self._documents = store, cassandra, documents
        self._timelines, self._hot = timelines, hot

    def understand(self, viewer_id: int, query: str) -> Asked:
        """Raises `BadQuery`."""
        node = parse(query)
        names = sorted({term.value for term in terms(node) if term.kind in NAMING})
        ids, _ = self._documents.users_named(viewer_id, names, Selection()) if names else ([], None)
        return Asked(node, dict(zip(names, ids, strict=True)))

    def page(
        self,
        viewer_id: int,
        asked: Asked,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """What the reader may see of it, newest first."""
        candidates = self._candidates(viewer_id, asked, window)
        return self._timelines.page(viewer_id, candidates, cursor, limit, window, selection)

    def counts(self, viewer_id: int, asked: Asked, window: Window, unit_ms: int) -> dict[int, int]:
        """How many of it the reader may see, by unit of time since 1970."""
        query = visible(asked.dsl, reader(self._cassandra, viewer_id), _ids(window, Cursor()))
        return self._store.counted(INDEX, query, unit_ms)

    def _candidates(self, viewer_id: int, asked: Asked, window: Window) -> Candidates:
        who = reader(self._cassandra, viewer_id)

        def look(whose: Reader, at: Cursor, count: int, *more: Dsl) -> list[int]:
            upwards = at.newer_than is not None
            query = visible(asked.dsl, whose, _ids(window, at), *more)
            found = self._store.ids(INDEX, query, count, newest_first=not upwards)
            return found[::-1] if upwards else found

        def ids(at: Cursor, count: int) -> list[int]:
            question = f"{asked.name}/{_rounded(window)}/{at}/{count}"
            if window.exact or not self._hot.is_hot(question):
                return look(who, at, count)
            found = set(self._hot.answer(question, lambda: look(ANYBODY, at, count)))
            if who.reads:  # what is for them beside what is for anybody
                own = among("author_id", who.reads), {"term": {"protected": True}}
                found.update(look(who, at, count, *map(dict, own)))
            newest = sorted(found, reverse=True)
            return newest[-count:] if at.newer_than is not None else newest[:count]

        return ids


def _ids(window: Window, at: Cursor) -> Dsl:
    """The ids of the window on this side of the cursor."""
    low, high = max(window.after_id, at.newer_than or 0), min(window.before_id, at.older_than)
    return {"range": {"id": {"gt": low} | ({"lt": high} if high < NEWEST else {})}}


def _rounded(window: Window) -> tuple[int, int]:
    """Bounds that move with the clock are the same question for a while."""
    return window.after_id // MINUTE_IDS, window.before_id // MINUTE_IDS
