"""Which tweets does a search find, and how many?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from ingest.ids import first_id_at, timestamp_ms
from serving.documents import Documents
from serving.pages import Candidates, Page
from serving.paging import NEWEST, Cursor
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.search.dsl import dsl
from serving.search.hot import Hot
from serving.search.interests import Likings
from serving.search.query import parse
from serving.search.ranking import Hit, hit, ranked
from serving.search.relevancy import BEST, Relevancy
from serving.search.terms import NAMING, Node, terms
from serving.search.visible import ANYBODY, Dsl, Reader, reader, visible
from serving.stores.cassandra import CassandraStore
from serving.stores.opensearch import SearchStore, among
from serving.timelines import Timelines, Window
from views.search_index import ARCHIVE, TWEETS

EVERYTHING = f"{TWEETS},{ARCHIVE}"
DAY_MS = 86_400_000
RECENT_MS = 7 * DAY_MS
MOMENT_MS = 10_000
T = TypeVar("T")


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
        relevancy: Relevancy,
    ) -> None:
        self._store, self._cassandra, self._documents = store, cassandra, documents
        self._timelines, self._hot, self._relevancy = timelines, hot, relevancy

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
        return self._store.counted(_where(window), query, unit_ms)

    def best(
        self,
        viewer_id: int,
        asked: Asked,
        cursor: Cursor,
        limit: int,
        now_ms: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """What the reader may see of it, what fits best first; the best two hundred."""
        who = reader(self._cassandra, viewer_id)

        def look(as_of: int, likings: Likings) -> list[Hit]:
            def best(whose: Reader, *more: Dsl) -> list[Hit]:
                before = {"range": {"id": {"lt": first_id_at(as_of + 1)}}}
                query = visible(asked.dsl, whose, _ids(window, Cursor()), before, *more)
                liked = likings.query if whose is who else None  # not for a crowd
                scored = self._store.best(_where(window), ranked(query, as_of, liked), BEST)
                return [hit(*each, as_of) for each in scored]

            # The moment is the question's only for those who ask within the same ten seconds.
            question = f"{asked.name}/{_bounds(window)}/best/{as_of // MOMENT_MS}"
            found = self._shared(who, question, best, exact=window.exact)
            return [Hit(*each) for each in found]

        question = f"{asked.name}/{_bounds(window)}"
        asking = (viewer_id, question, look, cursor, limit, now_ms, window, selection)
        return self._relevancy.page(*asking)

    def _candidates(self, viewer_id: int, asked: Asked, window: Window) -> Candidates:
        who = reader(self._cassandra, viewer_id)

        def ids(at: Cursor, count: int) -> list[int]:
            upwards = at.newer_than is not None

            def look(whose: Reader, *more: Dsl) -> list[int]:
                query = visible(asked.dsl, whose, _ids(window, at), *more)
                return self._store.ids(_where(window), query, count, newest_first=not upwards)

            question = f"{asked.name}/{_bounds(window)}/{at}/{count}"
            found = self._shared(who, question, look, exact=window.exact)
            newest = sorted(set(found), reverse=True)
            return newest[-count:] if upwards else newest[:count]

        return ids

    def _shared(
        self, who: Reader, question: str, look: Callable[..., list[T]], *, exact: bool
    ) -> list[T]:
        """What is looked for: for this reader, or where it is hot what it is for anybody, and
        beside that what is for them."""
        if exact or not self._hot.is_hot(question):
            return look(who)
        found: list[T] = list(self._hot.answer(question, lambda: look(ANYBODY)))
        if not who.reads:
            return found
        own = dict(among("author_id", who.reads)), {"term": {"protected": True}}
        return found + look(who, *own)


def _ids(window: Window, at: Cursor) -> Dsl:
    """The ids of the window on this side of the cursor."""
    low, high = max(window.after_id, at.newer_than or 0), min(window.before_id, at.older_than)
    return {"range": {"id": {"gt": min(low, NEWEST), "lte": min(high - 1, NEWEST)}}}


def _where(window: Window) -> str:
    """The months of the last week are never at rest."""
    recent = timestamp_ms(window.after_id) > _now_ms() - RECENT_MS - DAY_MS
    return TWEETS if recent else EVERYTHING


def _bounds(window: Window) -> str:
    """The window as a part of a question: bounds that move with the clock are the same one."""
    now_ms = _now_ms()
    after = str(window.after_id)
    if abs(timestamp_ms(window.after_id + 1) - (now_ms - RECENT_MS)) < MOMENT_MS:
        after = "week"
    moves = window.before_id > first_id_at(now_ms - MOMENT_MS)
    return f"{after}/{'now' if moves else window.before_id}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
