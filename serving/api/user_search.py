"""Finding users by parts of their names."""

from __future__ import annotations

from flask import Blueprint, Response, g

from serving import query
from serving.api.parameters import (
    USER_SELECTION,
    cursor,
    page_size,
    page_tokens,
    pages,
    selected,
)
from serving.http import answer, principal
from serving.openapi.shapes import Page, User
from serving.operations import operation, writes
from serving.services import services
from serving.visibility import visible_users

blueprint = Blueprint("user_search", __name__)

DEFAULT_PAGE = 100
LONGEST_QUERY = 50
QUERY = query.text(
    "query", "Words, each a part of a name or username.", longest=LONGEST_QUERY, required=True
)


@blueprint.get("/users/search")
@operation(
    "searchUsers",
    writes("tweet.read", "users.read"),
    query=(QUERY, *USER_SELECTION, *pages(1, 1000, default=DEFAULT_PAGE)),
    answer=Page[User],
    limit="search",
)
def search() -> Response:
    """Users with each word of the query in their name or username, newest account first."""
    words = g.query["query"].split()
    if not words:
        raise query.invalid("query", g.query["query"], "has no word")
    name, size = f"users/{g.query['query']}", page_size(DEFAULT_PAGE)
    at = cursor(name)
    ids = services().postgres.ids_of_named(words, before=at.older_than, limit=size + 1)
    viewer_id = principal().id
    found = services().documents.users(viewer_id, ids[:size], selected())
    seen = visible_users(viewer_id, ids[:size], found)
    data, includes, errors = services().documents.of_users(viewer_id, seen, selected(), found)
    older_than = ids[size - 1] if len(ids) > size else None
    meta = {"result_count": len(data)} | page_tokens(name, older_than, None)
    parts = {"data": data, "includes": includes, "errors": errors}
    document = {part: value for part, value in parts.items() if value}
    return answer(document | {"meta": meta}, stale=found.stale)
