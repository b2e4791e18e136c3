"""Who is on a list, and which lists is somebody on?"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import ListMemberAdded, ListMemberRemoved
from serving.api.pages import A_PAGE, lists_beside, unreadable, unreadable_list, users_beside
from serving.api.parameters import (
    LIST_SELECTION,
    USER_SELECTION,
    pages,
)
from serving.api.targets import own_list, target_user
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, List, Page, Shape, User
from serving.operations import operation, reads, writes
from serving.services import services

blueprint = Blueprint("list_members", __name__)

MAY_READ = reads("tweet.read", "users.read", "list.read")
MAY_WRITE = writes("tweet.read", "users.read", "list.write")
MOST_MEMBERS = 5_000  # as in the X API


class NewMember(msgspec.Struct, forbid_unknown_fields=True):
    user_id: str


class MemberDone(Shape):
    is_member: bool


@blueprint.post("/lists/<id>/members")
@operation("addListsMember", MAY_WRITE, body=NewMember, answer=Done[MemberDone])
def add(id: int, body: NewMember) -> Response:
    """Puts a user on a list of one's own. Again changes nothing."""
    row = own_list(id)
    member, relation = target_user(body.user_id, "user_id")
    if relation.blocked_by:
        raise Forbidden("You cannot add a user who blocks you to a List.")
    # The count may lag a moment; what it keeps small are the lists that grow for years.
    counts = services().rows.fetch(list_counts=[id]).list_counts[id]
    if counts["member_count"] >= MOST_MEMBERS:
        raise Forbidden(f"A List has at most {MOST_MEMBERS} members.")
    event = ListMemberAdded(
        at_ms=now_ms(),
        user_id=row.owner_id,
        list_id=id,
        member_id=member.id,
        private=row.private,
    )
    return answer({"data": {"is_member": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/lists/<id>/members/<user_id>")
@operation("removeListsMemberByUserId", MAY_WRITE, answer=Done[MemberDone])
def remove(id: int, user_id: int) -> Response:
    """Takes a user off a list of one's own. Who is not on it is not missed."""
    row = own_list(id)
    event = ListMemberRemoved(at_ms=now_ms(), user_id=row.owner_id, list_id=id, member_id=user_id)
    return answer({"data": {"is_member": False}}, position=services().write(event, g.request_id))


@blueprint.get("/lists/<id>/members")
@operation(
    "getListsMembers",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[User],
)
def members(id: int) -> Response:
    """Who is on the list, the newest account first."""
    if error := unreadable_list(id):
        return answer({"errors": [error]})
    return users_beside("list_members", id)


@blueprint.get("/users/<id>/list_memberships")
@operation(
    "getUsersListMemberships",
    MAY_READ,
    query=(*LIST_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[List],
)
def memberships(id: int) -> Response:
    """The lists that this user is on, the newest list first."""
    if error := unreadable(id):
        return answer({"errors": [error]})
    return lists_beside("list_memberships", id)
