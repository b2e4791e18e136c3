"""Who retweeted this tweet?"""

from __future__ import annotations

from typing import NamedTuple

from serving.documents import Documents
from serving.pages import Page, fill
from serving.paging import Cursor
from serving.render.selection import Selection
from serving.rows import Found, UserRow
from serving.stores.entries import Entries
from serving.visibility import visible_users


class Reposter(NamedTuple):
    """A retweet's id, by which pages are cut, and who made it."""

    id: int
    user: UserRow


class Reposts:
    def __init__(self, entries: Entries, documents: Documents) -> None:
        self._entries, self._documents = entries, documents

    def by(
        self, viewer_id: int, tweet_id: int, cursor: Cursor, limit: int, selection: Selection
    ) -> Page[Reposter]:
        """Those whom the reader may see, the latest retweet first."""
        authors: dict[int, int] = {}

        def candidates(at: Cursor, count: int) -> list[int]:
            entries = self._entries.page("reposts", (tweet_id,), at, count)
            authors.update((entry["id"], entry["author_id"]) for entry in entries)
            return [entry["id"] for entry in entries]

        def seen(ids: list[int]) -> tuple[list[Reposter], Found]:
            found = self._documents.users(viewer_id, {authors[id] for id in ids}, selection)
            shown = visible_users(viewer_id, dict.fromkeys(authors[id] for id in ids), found)
            users = {row.id: row for row in shown}
            return [Reposter(id, users[authors[id]]) for id in ids if authors[id] in users], found

        return fill(candidates, seen, cursor, limit)
