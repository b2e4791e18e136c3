"""Which tweets are on this page of a timeline?

Ids come first (one round trip), then the page is filled with the rows that may be seen; what was
deleted or is left out by request is replaced by the entries after it, so a page is short only at
the end of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.documents import Documents
from serving.errors import StoreUnavailable
from serving.paging import NEWEST, Cursor, cut
from serving.render.selection import Selection
from serving.rows import Found, TweetRow
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from serving.visibility import visible_tweets
from settings import Settings
from views import timelines

MAX_ROUNDS = 8  # of filling a page; each takes at least a page's worth of candidates


@dataclass(frozen=True)
class Window:
    """Only entries within, both exclusive; and none of the kinds left out."""

    after_id: int = 0
    before_id: int = NEWEST
    replies: bool = True
    retweets: bool = True

    def within(self, ids: Sequence[int]) -> list[int]:
        return [id for id in ids if self.after_id < id < self.before_id]

    def shows(self, row: TweetRow) -> bool:
        if row.retweet_of_id is not None:
            return self.retweets
        return self.replies or row.reply_to_id is None


@dataclass
class Page:
    """`older_than` and `newer_than` are where the pages next to it begin; None where none are."""

    rows: list[TweetRow]
    found: Found
    older_than: int | None = None
    newer_than: int | None = None


Candidates = Callable[[Cursor, int], list[int]]
"""Up to so many ids at a cursor, newest first; fewer only where the list ends."""


class Timelines:
    def __init__(
        self,
        settings: Settings,
        redis: RedisStore,
        cassandra: CassandraStore,
        documents: Documents,
    ) -> None:
        self._settings, self._redis, self._cassandra = settings, redis, cassandra
        self._documents = documents

    def home(
        self, user_id: int, cursor: Cursor, limit: int, window: Window, selection: Selection
    ) -> Page:
        """The newest 800 of those whom the user follows, and their own. Needs Redis."""
        buckets = self._settings.timeline_buckets
        pushed, own = self._redis.pipeline(
            [
                ("GET", timelines.home_key(user_id, buckets)),
                ("GET", timelines.user_key(user_id, buckets)),
            ]
        )
        ids = window.within(self._settled(pushed, own))
        return self._page(
            user_id, lambda at, count: cut(ids, at, count), cursor, limit, window, selection
        )

    def of_user(
        self,
        viewer_id: int,
        author_id: int,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page:
        """The author's tweets and retweets: Redis for the newest 800, Cassandra for the rest."""
        try:
            key = timelines.user_key(author_id, self._settings.timeline_buckets)
            hot = self._settled(self._redis.command("GET", key))
        except StoreUnavailable:
            hot = []  # Cassandra has all of it

        def candidates(at: Cursor, count: int) -> list[int]:
            ids = cut(window.within(hot), at, count)
            all_above_is_hot = at.newer_than is not None and hot and at.newer_than >= hot[-1]
            if len(ids) == count or all_above_is_hot:
                return ids
            ids = sorted({*ids, *self._from_cassandra(author_id, at, count, window)}, reverse=True)
            return ids[:count] if at.newer_than is None else ids[-count:]

        return self._page(viewer_id, candidates, cursor, limit, window, selection)

    def _settled(self, *entries: bytes | None) -> list[int]:
        return timelines.settle(b"".join(e for e in entries if e), cap=self._settings.timeline_cap)

    def _from_cassandra(self, author_id: int, at: Cursor, count: int, window: Window) -> list[int]:
        if at.newer_than is not None:
            after = max(at.newer_than, window.after_id)
            return self._cassandra.ids_of_author_after(
                author_id, after=after, before=window.before_id, limit=count
            )
        before = min(at.older_than, window.before_id)
        found = self._cassandra.ids_of_author(author_id, before=before, limit=count)
        return window.within(found)

    def _page(
        self,
        viewer_id: int,
        candidates: Candidates,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page:
        """Fills a page of `limit`; looks at one more than it needs, to know whether more follow."""
        rows: list[TweetRow] = []
        found = Found()
        upwards = cursor.newer_than is not None
        at, left = cursor, True
        for _ in range(MAX_ROUNDS):
            wanted = limit + 1 - len(rows)
            ids = candidates(at, wanted)
            left = len(ids) == wanted
            if ids:
                found.add(self._documents.gather(ids, selection))
                seen = [row for row in visible_tweets(viewer_id, ids, found) if window.shows(row)]
                rows = seen + rows if upwards else rows + seen
                at = Cursor(newer_than=ids[0]) if upwards else Cursor(older_than=ids[-1])
            if not left or len(rows) > limit:
                break
        if upwards:
            page = Page(rows[-limit:], found)
            more = len(rows) > limit
            # Where many were gone or left out, the next page goes on from where this one stopped.
            page.newer_than = page.rows[0].id if more else at.newer_than if left else None
            page.older_than = page.rows[-1].id if rows else (cursor.newer_than or 0) + 1
        else:
            page = Page(rows[:limit], found)
            more = len(rows) > limit
            page.older_than = page.rows[-1].id if more else at.older_than if left else None
            if cursor.older_than != NEWEST:
                page.newer_than = page.rows[0].id if rows else cursor.older_than - 1
        return page
