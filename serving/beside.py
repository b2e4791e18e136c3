"""Who or what stands beside this id: followers, likers, bookmarks, members of a list?

A page of an edge view, cut by the ids at the other ends, with the rows that the reader may see.
"""

from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

from serving.documents import Documents
from serving.pages import Candidates, Page, fill
from serving.paging import Cursor
from serving.render.selection import Selection
from serving.rows import Found, ListRow, TweetRow, UserRow
from serving.stores.cassandra import CassandraStore
from serving.visibility import Surface, visible_lists, visible_tweets, visible_users


class Part(NamedTuple):
    """Up to `limit` of those at the other ends of the edges of `one`."""

    view: str
    one: int
    cursor: Cursor
    limit: int


class Beside:
    """Each method gives a page as `viewer_id` sees it."""

    def __init__(self, cassandra: CassandraStore, documents: Documents) -> None:
        self._cassandra, self._documents = cassandra, documents

    def users(
        self, viewer_id: int, part: Part, selection: Selection, surface: Surface
    ) -> Page[UserRow]:
        def seen(ids: list[int]) -> tuple[list[UserRow], Found]:
            found = self._documents.users(viewer_id, ids, selection)
            return visible_users(viewer_id, ids, found, surface), found

        return fill(self._candidates(part), seen, part.cursor, part.limit)

    def tweets(self, viewer_id: int, part: Part, selection: Selection) -> Page[TweetRow]:
        candidates = self._candidates(part)
        return self.newest_of(viewer_id, candidates, part.cursor, part.limit, selection)

    def newest_of(
        self,
        viewer_id: int,
        candidates: Candidates,
        cursor: Cursor,
        limit: int,
        selection: Selection,
    ) -> Page[TweetRow]:
        """Tweets that are listed by their first version, shown in their newest."""

        def seen(ids: list[int]) -> tuple[list[TweetRow], Found]:
            found = self._documents.gather(viewer_id, ids, selection)
            return [found.newest(row) for row in visible_tweets(viewer_id, ids, found)], found

        return fill(candidates, seen, cursor, limit, attrgetter("counted_id"))

    def lists(self, viewer_id: int, part: Part, selection: Selection) -> Page[ListRow]:
        def seen(ids: list[int]) -> tuple[list[ListRow], Found]:
            found = self._documents.lists(viewer_id, ids, selection)
            return visible_lists(viewer_id, ids, found), found

        return fill(self._candidates(part), seen, part.cursor, part.limit)

    def _candidates(self, part: Part) -> Candidates:
        view, one = part.view, part.one

        def ids(at: Cursor, count: int) -> list[int]:
            if at.newer_than is not None:
                return self._cassandra.beside_after(view, one, after=at.newer_than, limit=count)
            return self._cassandra.beside(view, one, before=at.older_than, limit=count)

        return ids
