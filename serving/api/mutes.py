"""Muting, and taking it back. The muted are not told; their tweets leave one's home."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Muted, Unmuted
from serving.api.pages import A_PAGE, users_beside
from serving.api.parameters import USER_SELECTION, pages
from serving.api.targets import target_user
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, User
from serving.operations import operation, writes
from serving.services import services
from serving.visibility import Surface

blueprint = Blueprint("mutes", __name__)

MAY_MUTE = writes("tweet.read", "users.read", "mute.write")


class NewMute(msgspec.Struct, forbid_unknown_fields=True):
    target_user_id: str


class MuteDone(Shape):
    muting: bool


@blueprint.post("/users/<id>/muting")
@operation("muteUser", MAY_MUTE, own="id", body=NewMute, answer=Done[MuteDone])
def mute(id: int, body: NewMute) -> Response:
    """Mutes a user. Muting them again changes nothing."""
    target, _ = target_user(body.target_user_id)
    if target.id == id:
        raise Forbidden("You cannot mute yourself.")
    event = Muted(at_ms=now_ms(), muter_id=id, muted_id=target.id)
    return answer({"data": {"muting": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<source_user_id>/muting/<target_user_id>")
@operation("unmuteUser", MAY_MUTE, own="source_user_id", answer=Done[MuteDone])
def unmute(source_user_id: int, target_user_id: int) -> Response:
    """Ends a mute. Where there is none, nothing changes."""
    event = Unmuted(at_ms=now_ms(), muter_id=source_user_id, muted_id=target_user_id)
    return answer({"data": {"muting": False}}, position=services().write(event, g.request_id))


@blueprint.get("/users/<id>/muting")
@operation(
    "getUsersMuting",
    writes("tweet.read", "users.read", "mute.read"),
    own="id",
    query=(*USER_SELECTION, *pages(1, 1000, default=A_PAGE)),
    answer=Page[User],
)
def muting(id: int) -> Response:
    """Whom one mutes, the newest account first."""
    return users_beside("muting", id, Surface.CHOSEN)
