"""Whom might somebody want to follow, and why? What batch ranked, then friends of friends.

The standing generation comes first, up to a day old; Neo4j knows of more people, and of what was
followed since. Both say who, never that somebody may be shown: whoever is followed, asked, blocked
either way, muted, dismissed or gone is left out when the page is made, of rows read for it
(docs/decisions/0122-suggestions-are-left-out-when-read.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.acquaintance import Acquaintance, ranked_page
from serving.answers import Answer
from serving.documents import Document, Documents
from serving.errors import StoreUnavailable
from serving.pages import Page
from serving.paging import Cursor
from serving.render.selection import Selection
from serving.rows import Found, UserRow
from serving.stores.cassandra import CassandraStore
from serving.stores.neo4j import EDGES_MAX, Ranked
from serving.visibility import Surface, visible_users

RANKED_MAX = 1_000  # of a generation; as many as the graph names
FIRST = EDGES_MAX + RANKED_MAX  # above every count of the graph: nobody has so many friends counted


@dataclass
class Suggested:
    """A page, and beside each user on it `reason` and, where the graph knows, how many of those
    one follows follow them."""

    page: Page[UserRow]
    beside: dict[int, Document]


class Suggestions:
    def __init__(
        self, acquaintance: Acquaintance, cassandra: CassandraStore, documents: Documents
    ) -> None:
        self._acquaintance = acquaintance
        self._cassandra, self._documents = cassandra, documents

    def of(self, viewer_id: int, cursor: Cursor, limit: int, selection: Selection) -> Suggested:
        """Raises `StoreUnavailable` where nothing was ranked and the graph cannot say either."""
        rows = self._cassandra.suggested(viewer_id, limit=RANKED_MAX)
        ranked = {row["candidate_id"]: row for row in rows}
        try:
            answer = self._acquaintance.friends(viewer_id)
        except StoreUnavailable:
            if not ranked:
                raise
            answer = Answer([], stale=True)
        known_by = dict(answer.rows)
        told: Ranked = [(id, FIRST - row["rank"]) for id, row in ranked.items()]
        told += [(id, count) for id, count in answer.rows if id not in ranked]

        def seen(ids: list[int]) -> tuple[list[UserRow], Found]:
            friends = {friend for id in ids for friend in _friends(ranked.get(id))}
            found = self._documents.users(viewer_id, {*ids, *friends}, selection)
            away = self._cassandra.dismissed_or_requested(viewer_id, ids) | {viewer_id}
            shown = visible_users(viewer_id, ids, found, Surface.HOME)
            return [
                row for row in shown if row.id not in away and not found.relations[row.id].following
            ], found

        page = ranked_page(Answer(told, answer.stale), seen, cursor, limit)
        beside = {row.id: _beside(viewer_id, row.id, ranked, known_by, page) for row in page.rows}
        return Suggested(page, beside)


def _friends(row: Mapping[str, Any] | None) -> list[int]:
    return (row and row["followed_by"]) or []


def _beside(
    viewer_id: int,
    id: int,
    ranked: Mapping[int, Mapping[str, Any]],
    known_by: Mapping[int, int],
    page: Page[UserRow],
) -> Document:
    row = ranked.get(id)
    reason: Document = {"kind": row["reason"] if row else "followed_by"}
    # Only whom one follows to this day: of others the follow may not be one's to see any more.
    users = visible_users(viewer_id, _friends(row), page.found, Surface.HOME)
    if friends := [
        str(user.id)
        for user in users
        if user.id != viewer_id and page.found.relations[user.id].following
    ]:
        reason["user_ids"] = friends
    user = page.found.users.get(id)
    if row and row["tags"] and user and not user.protected:  # as it may have become since
        reason["tags"] = row["tags"]
    count = {"connections_count": known_by[id]} if id in known_by else {}
    return {"reason": reason} | count
