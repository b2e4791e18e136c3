"""Following, and ending it. Both may be said twice: the fold counts changes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Followed, Unfollowed
from serving.errors import Forbidden, NotFound
from serving.http import an_id, answer, body, now_ms, own
from serving.services import services

blueprint = Blueprint("follows", __name__)


class NewFollow(msgspec.Struct, forbid_unknown_fields=True):
    target_user_id: str


@blueprint.post("/users/<user_id>/following")
def follow(user_id: str) -> Response:
    user = own(user_id)
    asked = body(NewFollow).target_user_id
    target = an_id(asked, "target_user_id")
    if target == user.id:
        raise Forbidden("You cannot follow yourself.")
    if target not in services().rows.fetch(users=[target]).users:
        raise NotFound("user", asked, "target_user_id")
    event = Followed(at_ms=now_ms(), follower_id=user.id, followee_id=target)
    data = {"following": True, "pending_follow": False}
    return answer({"data": data}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<user_id>/following/<target_user_id>")
def unfollow(user_id: str, target_user_id: str) -> Response:
    user, target = own(user_id), an_id(target_user_id, "target_user_id")
    event = Unfollowed(at_ms=now_ms(), follower_id=user.id, followee_id=target)
    return answer({"data": {"following": False}}, position=services().write(event, g.request_id))
