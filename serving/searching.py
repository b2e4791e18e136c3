"""Which tweets does a search find, and how many?"""

from __future__ import annotations

from collections.abc import Iterator

from serving.documents import Documents
from serving.errors import InvalidRequest
from serving.pages import Candidates, Page
from serving.paging import Cursor
from serving.render.selection import Selection
from serving.rows import Found, TweetRow
from serving.search.words import Query
from serving.timelines import Timelines, Window
from serving.visibility import visible_tweets
from serving.word_index import WordIndex
from views.search_terms import indexed

AT_ONCE = 200  # tweets that counting looks at in one round
MOST = 10_000  # tweets that one count looks at


class Search:
    """`author_id` is that of the query's author, where it names one."""

    def __init__(self, timelines: Timelines, documents: Documents, words: WordIndex) -> None:
        self._timelines, self._documents, self._words = timelines, documents, words

    def page(
        self,
        viewer_id: int,
        query: Query,
        author_id: int | None,
        cursor: Cursor,
        limit: int,
        window: Window,
        selection: Selection,
    ) -> Page[TweetRow]:
        """What the reader may see of it, newest first."""

        def matches(row: TweetRow, _found: Found) -> bool:
            return query.matches(row.text)

        candidates = self._candidates(query, author_id, window)
        return self._timelines.page(
            viewer_id, candidates, cursor, limit, window, selection, matches=matches
        )

    def ids(
        self, viewer_id: int, query: Query, author_id: int | None, window: Window
    ) -> Iterator[int]:
        """All of it, newest first. Raises `InvalidRequest` where it is too much to look at."""
        candidates, at, looked_at = self._candidates(query, author_id, window), Cursor(), 0
        while ids := candidates(at, AT_ONCE):
            looked_at += len(ids)
            if looked_at > MOST:
                raise InvalidRequest(
                    f"More than {MOST} tweets would have to be looked at: count a shorter time.",
                    start_time="",
                )
            found = self._documents.gather(viewer_id, ids, Selection())
            for row in visible_tweets(viewer_id, ids, found):
                if window.shows(row) and query.matches(row.text):
                    yield row.id
            at = Cursor(older_than=ids[-1])

    def _candidates(self, query: Query, author_id: int | None, window: Window) -> Candidates:
        if author_id is not None:
            return self._timelines.by_author(author_id, window)
        longest = max(filter(indexed, query.terms), key=len)  # is likely the rarest
        return self._words.with_term(longest, after=window.after_id, before=window.before_id)
