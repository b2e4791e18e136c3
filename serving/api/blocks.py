"""Blocking, and taking it back. Who blocks follows the other no longer, nor is followed by them."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Blocked, Unblocked, Unfollowed
from serving.api.pages import A_PAGE, users_beside
from serving.api.parameters import USER_SELECTION, pages
from serving.api.targets import target_user
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, User
from serving.operations import operation, writes
from serving.services import services
from serving.visibility import Surface

blueprint = Blueprint("blocks", __name__)

MAY_BLOCK = writes("tweet.read", "users.read", "block.write")


class NewBlock(msgspec.Struct, forbid_unknown_fields=True):
    target_user_id: str


class BlockDone(Shape):
    blocking: bool


@blueprint.post("/users/<id>/blocking")
@operation("blockUser", MAY_BLOCK, own="id", body=NewBlock, answer=Done[BlockDone])
def block(id: int, body: NewBlock) -> Response:
    """Blocks a user: neither follows the other any longer, requests to do so included."""
    target, _ = target_user(body.target_user_id)
    if target.id == id:
        raise Forbidden("You cannot block yourself.")
    # The block first: whatever fails after it, nothing is shown any more.
    events = (
        Blocked(at_ms=now_ms(), blocker_id=id, blocked_id=target.id),
        Unfollowed(at_ms=now_ms(), follower_id=target.id, followee_id=id),
        Unfollowed(at_ms=now_ms(), follower_id=id, followee_id=target.id),
    )
    positions = [services().write(event, g.request_id) for event in events]
    return answer({"data": {"blocking": True}}, position=positions)


@blueprint.delete("/users/<source_user_id>/blocking/<target_user_id>")
@operation("unblockUser", MAY_BLOCK, own="source_user_id", answer=Done[BlockDone])
def unblock(source_user_id: int, target_user_id: int) -> Response:
    """Ends a block; follows do not come back. Where there is none, nothing changes."""
    event = Unblocked(at_ms=now_ms(), blocker_id=source_user_id, blocked_id=target_user_id)
    return answer({"data": {"blocking": False}}, position=services().write(event, g.request_id))


@blueprint.get("/users/<id>/blocking")
@operation(
    "getUsersBlocking",
    writes("tweet.read", "users.read", "block.read"),
    own="id",
    query=(*USER_SELECTION, *pages(1, 1000, default=A_PAGE)),
    answer=Page[User],
)
def blocking(id: int) -> Response:
    """Whom one blocks, the newest account first."""
    return users_beside("blocking", id, Surface.CHOSEN)
