"""Whom might one know: mutual follows, friends of friends, suggestions. Starling's own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, g, request

from serving import query
from serving.acquaintance import GRAPH_STALE, Acquaintances
from serving.api.pages import A_PAGE, known_users_page, unreadable
from serving.api.parameters import USER_SELECTION, cursor, page_size, pages, selected
from serving.errors import StoreUnavailable
from serving.http import answer, principal
from serving.openapi.shapes import KnownUser, Page, User
from serving.operations import operation, writes
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
    answer=Page[User],
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
    return _page(name, found)


@blueprint.get("/users/<id>/friends_of_friends")
@operation(
    "getUsersFriendsOfFriends",
    MAY_READ,
    query=(*USER_SELECTION, *PAGES),
    answer=Page[KnownUser],
    own="id",
    after=(JOB,),
)
def friends_of_friends(id: int) -> Response:
    """Whom those follow whom one follows, by most of them first; not whom one follows already."""
    return _friends(id, to_follow=False)


@blueprint.get("/users/<id>/suggestions")
@operation(
    "getUsersSuggestions",
    MAY_READ,
    query=(*USER_SELECTION, *PAGES),
    answer=Page[KnownUser],
    own="id",
    after=(JOB,),
)
def suggestions(id: int) -> Response:
    """Whom one might follow: friends of friends whom one has not asked yet."""
    return _friends(id, to_follow=True)


def _friends(id: int, *, to_follow: bool) -> Response:
    name = f"friends/{to_follow:d}/{id}"
    found = services().acquaintance.friends_of_friends(
        id, cursor(name), page_size(A_PAGE), selected(), to_follow=to_follow
    )
    return _page(name, found, found.known_by)


def _page(name: str, found: Acquaintances, known_by: Mapping[int, int] | None = None) -> Response:
    """Who asks for what a write made is not given what was known before it."""
    if found.page.found.stale & GRAPH_STALE and "x-read-after" in request.headers:
        raise StoreUnavailable("neo4j", "only an older answer is known")
    return known_users_page(name, found.page, known_by)
