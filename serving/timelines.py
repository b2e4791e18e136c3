"""Which tweets are on this page of a timeline?

Ids come first (one round trip), then the page is filled with the rows that may be seen
(`serving/pages.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from serving.base_homes import STALE
from serving.documents import Documents
from serving.errors import StoreUnavailable
from serving.home_rules import belongs
from serving.homes import Homes
from serving.pages import Candidates, Page, fill
from serving.paging import NEWEST, Cursor, cut
from serving.recents import Recents
from serving.relations import Relations
from serving.render.selection import Selection
from serving.retweets_below import RetweetsBelow
from serving.rows import Found, TweetRow
from serving.standing import Standing
from serving.stores.cassandra import CassandraStore
from serving.stores.entries import Entries
from serving.visibility import Surface, visible_tweets

Belonging = Callable[[Sequence[TweetRow], Found], list[TweetRow]]
"""Those of the rows that belong on the timeline, by what was found for them."""
BARE = Selection()
MEMBERS = "list_members"  # whom a list follows


@dataclass(frozen=True)
class Window:
    """Only entries within, both exclusive; and none of the kinds left out."""

    after_id: int = 0
    before_id: int = NEWEST
    replies: bool = True
    retweets: bool = True
    exact: bool = False
    """Rather no answer than a stale one: the reader waits for a write to show."""

    def within(self, ids: Sequence[int]) -> list[int]:
        return [id for id in ids if self.after_id < id < self.before_id]

    def bound(self, at: Cursor) -> Cursor:
        """Where a page at the cursor begins that shows nothing from outside."""
        if at.newer_than is not None:
            return Cursor(newer_than=max(at.newer_than, self.after_id))
        return Cursor(older_than=min(at.older_than, self.before_id))

    def shows(self, row: TweetRow) -> bool:
        """Of the versions of an edited tweet the newest alone."""
        if row.superseded:
            return False
        if row.retweet_of_id is not None:
            return self.retweets
        return self.replies or row.reply_to_id is None


class Timelines:
    def __init__(
        self,
        homes: Homes,
        recents: Recents,
        cassandra: CassandraStore,
        documents: Documents,
        entries: Entries,
        retweets: RetweetsBelow,
        relations: Relations,
    ) -> None:
        self._homes, self._recents = homes, recents
        self._cassandra, self._documents = cassandra, documents
        self._entries, self._retweets, self._relations = entries, retweets, relations

    def home(
        self, user_id: int, cursor: Cursor, limit: int, window: Window, selection: Selection
    ) -> Page[TweetRow]:
        """The newest 800 of those whom the user follows, and their own."""
        standing = self._homes.standing(user_id, exact=window.exact)

        def belonging(rows: Sequence[TweetRow], found: Found) -> list[TweetRow]:
            return [row for row in rows if belongs(user_id, row, found.relations)]

        return self._delivered(
            user_id, standing, cursor, limit, window, selection, Surface.HOME, belonging
        )

    def of_list(
        self,
        viewer_id: int,
        list_id: int,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """The newest 800 of the list's members: the list is a reader that follows them."""
        standing = self._homes.standing(list_id, MEMBERS, own=False, exact=window.exact)

        def belonging(rows: Sequence[TweetRow], found: Found) -> list[TweetRow]:
            authors = {row.author_id for row in rows}
            try:
                members = self._relations.beside(MEMBERS, list_id, authors)
            except StoreUnavailable:
                if window.exact:
                    raise
                found.stale |= STALE  # somebody may be among them who has been taken off
                return list(rows)
            return [row for row in rows if row.author_id in members]

        return self._delivered(
            viewer_id, standing, cursor, limit, window, selection, Surface.LISTED, belonging
        )

    def of_user(
        self,
        viewer_id: int,
        author_id: int,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """The author's tweets and retweets."""
        by_author = self.by_author(author_id, window)
        return self.page(viewer_id, by_author, cursor, limit, window, selection)

    def listed(
        self,
        viewer_id: int,
        view: str,
        key: int,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """The tweets under one key of a view such as `mentions`."""

        def candidates(at: Cursor, count: int) -> list[int]:
            bounds = {"after": window.after_id, "before": window.before_id}
            return [e["id"] for e in self._entries.page(view, (key,), at, count, **bounds)]

        return self.page(viewer_id, candidates, cursor, limit, window, selection)

    def by_author(self, author_id: int, window: Window) -> Candidates:
        """Redis for the newest 800, Cassandra for the rest."""
        try:
            hot = list(reversed(self._recents.of([author_id])[0].ids))
        except StoreUnavailable:
            hot = []  # Cassandra has all of it

        def candidates(at: Cursor, count: int) -> list[int]:
            ids = cut(window.within(hot), at, count)
            all_above_is_hot = at.newer_than is not None and hot and at.newer_than >= hot[-1]
            if len(ids) == count or all_above_is_hot:
                return ids
            ids = sorted({*ids, *self._from_cassandra(author_id, at, count, window)}, reverse=True)
            return ids[:count] if at.newer_than is None else ids[-count:]

        return candidates

    def page(
        self,
        viewer_id: int,
        candidates: Candidates,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
        surface: Surface = Surface.LISTED,
        matches: Callable[[TweetRow, Found], bool] = lambda _row, _found: True,
    ) -> Page[TweetRow]:
        """Those of the candidates that the reader may see, that the window shows and that match."""

        def seen(ids: list[int]) -> tuple[list[TweetRow], Found]:
            found = self._documents.gather(viewer_id, ids, selection)
            rows = visible_tweets(viewer_id, ids, found, surface)
            return [row for row in rows if window.shows(row) and matches(row, found)], found

        return fill(candidates, seen, cursor, limit)

    def _delivered(
        self,
        viewer_id: int,
        standing: Standing,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
        surface: Surface,
        belonging: Belonging,
    ) -> Page[TweetRow]:
        """A page of what was delivered to a reader, user or list."""

        def candidates(at: Cursor, count: int) -> list[int]:
            return window.within(standing.page(window.bound(at), count))

        def standing_of(ids: Iterable[int], found: Found) -> list[TweetRow]:
            return belonging(visible_tweets(viewer_id, ids, found, surface), found)

        def shown(ids: list[int], fields: Selection = BARE) -> tuple[list[TweetRow], Found]:
            answered = surface is Surface.HOME
            found = self._documents.gather(viewer_id, ids, fields, answered=answered)
            return standing_of(ids, found), found

        def seen(ids: list[int]) -> tuple[list[TweetRow], Found]:
            rows, found = shown(ids, selection)
            sources = {row.retweet_of_id for row in rows if row.retweet_of_id is not None}
            if sources:
                own = {row.id for row in standing_of(sources, found)}
                rows = self._retweets.collapse(rows, standing, shown, own)
            return [row for row in rows if window.shows(row)], found

        page = fill(candidates, seen, cursor, limit)
        page.found.stale |= standing.stale
        return page

    def _from_cassandra(self, author_id: int, at: Cursor, count: int, window: Window) -> list[int]:
        if at.newer_than is not None:
            after = max(at.newer_than, window.after_id)
            return self._cassandra.ids_of_author_after(
                author_id, after=after, before=window.before_id, limit=count
            )
        before = min(at.older_than, window.before_id)
        found = self._cassandra.ids_of_author(author_id, before=before, limit=count)
        return window.within(found)
