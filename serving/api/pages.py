"""How is a page of users, tweets or lists answered?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from serving.api.parameters import cursor, page_ends, page_size, page_tokens, selected
from serving.beside import Part
from serving.documents import Document, not_allowed, not_found, unseen_tweets
from serving.http import answer, principal
from serving.pages import Page
from serving.render.lists import list_
from serving.render.selection import Selection
from serving.render.users import user
from serving.reposts import Reposter
from serving.rows import ListRow, TweetRow, UserRow
from serving.services import services
from serving.visibility import Surface, sees_acts_of, visible_lists, visible_tweets, visible_users

A_PAGE = 100
"""What a list of people, tweets or lists shows by default."""


def users_beside(view: str, one: int, surface: Surface = Surface.LISTED) -> Response:
    """The page that was asked for of the users beside `one` in an edge view."""
    name, part = _part(view, one)
    page = services().beside.users(principal().id, part, selected(), surface)
    return _users_page(name, page, page.rows)


def tweets_beside(view: str, one: int) -> Response:
    """As `users_beside`, of tweets."""
    name, part = _part(view, one)
    return tweets_page(name, services().beside.tweets(principal().id, part, selected()))


def lists_beside(view: str, one: int) -> Response:
    """As `users_beside`, of lists."""
    name, part = _part(view, one)
    page = services().beside.lists(principal().id, part, selected())
    data = [list_(row, selected().list_fields, page.found) for row in page.rows]
    return _page(name, page, data, includes=owners(page.rows, page))


def _part(view: str, one: int) -> tuple[str, Part]:
    """The name of the list, for its page tokens; and the part of it that was asked for."""
    name = f"{view}/{one}"
    return name, Part(view, one, cursor(name), page_size(A_PAGE))


def tweets_page(name: str, page: Page[TweetRow]) -> Response:
    """`name` is the list's, for its page tokens."""
    data, includes, errors = services().documents.of_tweets(
        principal().id, page.rows, selected(), page.found
    )
    return _page(name, page, data, includes=includes, errors=errors)


def timeline_page(name: str, page: Page[TweetRow], *, oldest_first: bool = False) -> Response:
    """As `tweets_page`, naming the ids at the page's ends too.

    Where the oldest come first, the next page is that of the newer ones.
    """
    rows = page.rows[::-1] if oldest_first else page.rows
    data, includes, errors = services().documents.of_tweets(
        principal().id, rows, selected(), page.found
    )
    ends = page_ends([row.id for row in rows])
    more = {"includes": includes, "errors": errors}
    return _page(name, page, data, ends, oldest_first=oldest_first, **more)


def reposters_page(name: str, page: Page[Reposter]) -> Response:
    return _users_page(name, page, [row.user for row in page.rows])


def known_users_page(
    name: str, page: Page[UserRow], beside: Mapping[int, Document] | None = None
) -> Response:
    """With `beside`, each user with what else is said of them."""
    return _users_page(name, page, page.rows, beside)


def _users_page(
    name: str, page: Page[Any], rows: list[UserRow], beside: Mapping[int, Document] | None = None
) -> Response:
    data, includes, errors = services().documents.of_users(
        principal().id, rows, selected(), page.found
    )
    if beside is not None:
        for row, document in zip(rows, data, strict=True):
            document |= beside[row.id]
    return _page(name, page, data, includes=includes, errors=errors)


def owners(rows: list[ListRow], page: Page[ListRow]) -> Document:
    """The `includes` of lists: their owners, where they were asked for."""
    selection = selected()
    if "owner_id" not in selection.expansions:
        return {}
    ids = dict.fromkeys(row.owner_id for row in rows)
    seen = visible_users(principal().id, ids, page.found, Surface.LOOKUP)
    return {"users": [user(row, selection.user_fields, page.found) for row in seen]}


def _page(
    name: str,
    page: Page[Any],
    data: list[Document],
    ends: Document | None = None,
    *,
    oldest_first: bool = False,
    **more: Any,
) -> Response:
    document = {part: value for part, value in ({"data": data} | more).items() if value}
    tokens = page_tokens(name, page.older_than, page.newer_than, oldest_first=oldest_first)
    meta = {"result_count": len(data)} | (ends or {}) | tokens
    return answer(document | {"meta": meta}, stale=page.found.stale)


def unreadable(user_id: int) -> Document | None:
    """Why the one who asks cannot read what this user does, as an entry of `errors`."""
    viewer_id = principal().id
    found = services().documents.users(viewer_id, [user_id], Selection())
    if user_id not in found.users:
        return not_found("user", str(user_id), "id")
    if not sees_acts_of(viewer_id, user_id, found):
        return not_allowed("user", str(user_id), "id")
    return None


def readable_tweet(id: int) -> tuple[TweetRow | None, list[Document]]:
    """The tweet that a list is about, of a version the first; or else the `errors` that say why the
    one who asks cannot read it."""
    viewer_id = principal().id
    meant, found = services().documents.meant(viewer_id, id)
    rows = visible_tweets(viewer_id, [meant], found, Surface.LOOKUP)
    return (rows[0], []) if rows else (None, unseen_tweets([meant], rows, found, "id"))


def unreadable_list(id: int) -> Document | None:
    """Why the one who asks cannot read this list, as an entry of `errors`: it is not there, or is
    private, which nobody else is told."""
    viewer_id = principal().id
    found = services().documents.lists(viewer_id, [id], Selection())
    return None if visible_lists(viewer_id, [id], found) else not_found("list", str(id), "id")
