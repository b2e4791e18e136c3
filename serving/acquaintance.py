"""Whom might somebody know? Questions to the follow graph, in pages, as the reader may see them.

The ids and ranks come from the cached answer; blocks, mutes and protection from the rows fetched
for this very page. So what the reader does holds on the next read, however old the answer is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from serving.answers import Answer, Answers
from serving.documents import Documents
from serving.pages import Page, Seen, fill
from serving.paging import Cursor, cut
from serving.render.selection import Selection
from serving.rows import Found, UserRow
from serving.stores.neo4j import GraphStore
from serving.visibility import Surface, visible_users

IDS = 2**63
GRAPH_STALE = frozenset({"graph"})


@dataclass
class Acquaintances:
    """A page, and of each user on it how many of those one follows follow them."""

    page: Page[UserRow]
    known_by: dict[int, int]


class Acquaintance:
    def __init__(self, graph: GraphStore, answers: Answers, documents: Documents) -> None:
        self._graph, self._answers, self._documents = graph, answers, documents

    def mutuals(
        self, viewer_id: int, id: int, cursor: Cursor, limit: int, selection: Selection
    ) -> Acquaintances:
        """Those who follow the user and whom the user follows, the newest account first."""
        answer = self._answers.get(f"mutuals/{id}", [id], lambda: self._graph.mutuals(id))
        return self._page(viewer_id, answer, cursor, limit, selection, Surface.LISTED)

    def followed_by_both(
        self, viewer_id: int, id: int, cursor: Cursor, limit: int, selection: Selection
    ) -> Acquaintances:
        """Those whom both the reader and the user follow."""
        one, other = sorted((viewer_id, id))
        answer = self._answers.get(
            f"both/{one}/{other}",
            [one, other],
            lambda: self._graph.followed_by_both(one, other),
        )
        return self._page(viewer_id, answer, cursor, limit, selection, Surface.LISTED)

    def friends_of_friends(
        self,
        viewer_id: int,
        cursor: Cursor,
        limit: int,
        selection: Selection,
    ) -> Acquaintances:
        """Those followed by those whom the reader follows, by most of them first."""
        answer = self.friends(viewer_id)

        def wanted(row: UserRow, found: Found) -> bool:
            return not found.relations[row.id].following

        return self._page(viewer_id, answer, cursor, limit, selection, Surface.HOME, wanted)

    def friends(self, viewer_id: int) -> Answer:
        """The ids of friends of friends, and how many know each; those whom the reader keeps away
        among them. Raises `StoreUnavailable`."""
        return self._answers.get(
            f"friends/{viewer_id}",
            [viewer_id],
            lambda: self._graph.friends_of_friends(viewer_id),
        )

    def _page(
        self,
        viewer_id: int,
        answer: Answer,
        cursor: Cursor,
        limit: int,
        selection: Selection,
        surface: Surface,
        wanted: Callable[[UserRow, Found], bool] = lambda _row, _found: True,
    ) -> Acquaintances:
        def seen(ids: list[int]) -> tuple[list[UserRow], Found]:
            found = self._documents.users(viewer_id, ids, selection)
            rows = visible_users(viewer_id, ids, found, surface)
            return [row for row in rows if wanted(row, found)], found

        page = ranked_page(answer, seen, cursor, limit)
        return Acquaintances(page, dict(answer.rows))


def ranked_page(answer: Answer, seen: Seen[UserRow], cursor: Cursor, limit: int) -> Page[UserRow]:
    """A page of what was ranked, highest first; `seen` says what of some ids may be shown."""
    # A place in the list is rank and id in one number, so that pages follow one another though
    # the list was computed anew between them. Ids alone are their own places.
    places = [rank * IDS + id for id, rank in answer.rows]
    place_of = {id: place for (id, _), place in zip(answer.rows, places, strict=True)}

    def candidates(at: Cursor, count: int) -> list[int]:
        return places[:count] if at == Cursor() else cut(places, at, count)

    def shown(some: list[int]) -> tuple[list[UserRow], Found]:
        return seen([place % IDS for place in some])

    page = fill(candidates, shown, cursor, limit, lambda row: place_of[row.id])
    if answer.stale:
        page.found.stale |= GRAPH_STALE
    return page
