"""Whose lists are they, who follows them and who has pinned them?"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import ListFollowed, ListPinned, ListUnfollowed, ListUnpinned
from serving.api.pages import A_PAGE, lists_beside, unreadable, unreadable_list, users_beside
from serving.api.parameters import (
    LIST_SELECTION,
    USER_SELECTION,
    pages,
)
from serving.api.targets import target_list
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, List, Page, Shape, User
from serving.operations import operation, reads, writes
from serving.query import an_id
from serving.services import services

blueprint = Blueprint("list_readers", __name__)

MAY_READ = reads("tweet.read", "users.read", "list.read")
MAY_WRITE = writes("tweet.read", "users.read", "list.write")
LISTS = (*LIST_SELECTION, *pages(1, 100, default=A_PAGE))


class NamedList(msgspec.Struct, forbid_unknown_fields=True):
    list_id: str


class ListFollowDone(Shape):
    following: bool


class ListPinDone(Shape):
    pinned: bool


@blueprint.post("/users/<id>/followed_lists")
@operation("followList", MAY_WRITE, own="id", body=NamedList, answer=Done[ListFollowDone])
def follow(id: int, body: NamedList) -> Response:
    """Follows a list. Again changes nothing."""
    row = target_list(an_id(body.list_id, "list_id"), "list_id")
    event = ListFollowed(at_ms=now_ms(), user_id=id, list_id=row.id)
    return answer({"data": {"following": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<id>/followed_lists/<list_id>")
@operation("unfollowList", MAY_WRITE, own="id", answer=Done[ListFollowDone])
def unfollow(id: int, list_id: int) -> Response:
    """Ends following a list. Where one does not, nothing changes."""
    event = ListUnfollowed(at_ms=now_ms(), user_id=id, list_id=list_id)
    return answer({"data": {"following": False}}, position=services().write(event, g.request_id))


@blueprint.post("/users/<id>/pinned_lists")
@operation("pinList", MAY_WRITE, own="id", body=NamedList, answer=Done[ListPinDone])
def pin(id: int, body: NamedList) -> Response:
    """Pins a list. Again changes nothing."""
    row = target_list(an_id(body.list_id, "list_id"), "list_id")
    event = ListPinned(at_ms=now_ms(), user_id=id, list_id=row.id)
    return answer({"data": {"pinned": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<id>/pinned_lists/<list_id>")
@operation("unpinList", MAY_WRITE, own="id", answer=Done[ListPinDone])
def unpin(id: int, list_id: int) -> Response:
    """Unpins a list. Where it is not pinned, nothing changes."""
    event = ListUnpinned(at_ms=now_ms(), user_id=id, list_id=list_id)
    return answer({"data": {"pinned": False}}, position=services().write(event, g.request_id))


@blueprint.get("/lists/<id>/followers")
@operation(
    "getListsFollowers",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[User],
)
def followers(id: int) -> Response:
    """Who follows the list, the newest account first."""
    if error := unreadable_list(id):
        return answer({"errors": [error]})
    return users_beside("list_followers", id)


@blueprint.get("/users/<id>/owned_lists")
@operation("getUsersOwnedLists", MAY_READ, query=LISTS, answer=Page[List])
def owned(id: int) -> Response:
    """The user's own lists, the newest first; private ones for their owner alone."""
    return _of_user("owned_lists", id)


@blueprint.get("/users/<id>/followed_lists")
@operation("getUsersFollowedLists", MAY_READ, query=LISTS, answer=Page[List])
def followed(id: int) -> Response:
    """The lists that the user follows, the newest list first."""
    return _of_user("followed_lists", id)


@blueprint.get("/users/<id>/pinned_lists")
@operation(
    "getUsersPinnedLists",
    writes("tweet.read", "users.read", "list.read"),
    own="id",
    query=LISTS,
    answer=Page[List],
)
def pinned(id: int) -> Response:
    """The lists one has pinned, the newest list first."""
    return _of_user("pinned_lists", id)


def _of_user(view: str, id: int) -> Response:
    if error := unreadable(id):
        return answer({"errors": [error]})
    return lists_beside(view, id)
