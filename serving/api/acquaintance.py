"""Whom might one know: mutual follows, friends of friends. Starling's own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, g, request

from serving import query
from serving.acquaintance import GRAPH_STALE
from serving.api.pages import A_PAGE, known_users_page, unreadable
from serving.api.parameters import USER_SELECTION, cursor, page_size, pages, selected
from serving.documents import Document
from serving.errors import StoreUnavailable
from serving.http import answer, principal
from serving.openapi import shapes
from serving.openapi.shapes import KnownUser, User
from serving.operations import operation, writes
from serving.pages import Page
from serving.rows import UserRow
from serving.services import services
from views.follow_graph import JOB

blueprint = Blueprint("acquaintance", __name__)

MAY_READ = writes("tweet.read", "users.read", "follows.read")
EACH_OTHER, BOTH = "each_other", "followed_by_both"
KIND = query.choice(
    "kind",
    f"`{EACH_OTHER}` (the default): who follows this user and is followed back. `{BOTH}`: whom "
    "both this user and the one who asks follow.",
    (EACH_OTHER, BOTH),
)
PAGES = pages(1, A_PAGE, default=A_PAGE)


@blueprint.get("/users/<id>/mutuals")
@operation(
    "getUsersMutuals",
    MAY_READ,
    query=(KIND, *USER_SELECTION, *PAGES),
    answer=shapes.Page[User],
    after=(JOB,),
)
def mutuals(id: int) -> Response:
    """Mutual follows of this user, or those whom both of us follow; the newest account first."""
    if error := unreadable(id):
        return answer({"errors": [error]})
    viewer_id, kind = principal().id, g.query.get("kind", EACH_OTHER)
    name = f"{kind}/{viewer_id}/{id}"
    asked = viewer_id, id, cursor(name), page_size(A_PAGE), selected()
    acquaintance = services().acquaintance
    found = acquaintance.followed_by_both(*asked) if kind == BOTH else acquaintance.mutuals(*asked)
    return graph_page(name, found.page)


@blueprint.get("/users/<id>/friends_of_friends")
@operation(
    "getUsersFriendsOfFriends",
    MAY_READ,
    query=(*USER_SELECTION, *PAGES),
    answer=shapes.Page[KnownUser],
    own="id",
    after=(JOB,),
)
def friends_of_friends(id: int) -> Response:
    """Whom those follow whom one follows, by most of them first; not whom one follows already."""
    name = f"friends/0/{id}"
    found = services().acquaintance.friends_of_friends(
        id, cursor(name), page_size(A_PAGE), selected()
    )
    beside = {row.id: {"connections_count": found.known_by[row.id]} for row in found.page.rows}
    return graph_page(name, found.page, beside)


def graph_page(
    name: str, page: Page[UserRow], beside: Mapping[int, Document] | None = None
) -> Response:
    """Who asks for what a write made is not given what was known before it."""
    if page.found.stale & GRAPH_STALE and "x-read-after" in request.headers:
        raise StoreUnavailable("neo4j", "only an older answer is known")
    return known_users_page(name, page, beside)
