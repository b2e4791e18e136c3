"""Following, and ending it. Both may be said twice: the fold counts changes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Followed, Unfollowed
from serving.errors import Forbidden, NotFound
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Shape
from serving.operations import operation, writes
from serving.query import an_id
from serving.services import services

blueprint = Blueprint("follows", __name__)

MAY_FOLLOW = writes("tweet.read", "users.read", "follows.write")


class NewFollow(msgspec.Struct, forbid_unknown_fields=True):
    target_user_id: str


class FollowDone(Shape):
    following: bool
    pending_follow: bool


class UnfollowDone(Shape):
    following: bool


@blueprint.post("/users/<id>/following")
@operation(
    "followUser", MAY_FOLLOW, own="id", body=NewFollow, answer=Done[FollowDone], limit="follows"
)
def follow(id: int, body: NewFollow) -> Response:
    """Follows a user. Following them again changes nothing."""
    target = an_id(body.target_user_id, "target_user_id")
    if target == id:
        raise Forbidden("You cannot follow yourself.")
    if target not in services().rows.fetch(users=[target]).users:
        raise NotFound("user", body.target_user_id, "target_user_id")
    event = Followed(at_ms=now_ms(), follower_id=id, followee_id=target)
    data = {"following": True, "pending_follow": False}
    return answer({"data": data}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<source_user_id>/following/<target_user_id>")
@operation("unfollowUser", MAY_FOLLOW, own="source_user_id", answer=Done[UnfollowDone])
def unfollow(source_user_id: int, target_user_id: int) -> Response:
    """Ends following a user. Where one does not follow, nothing changes."""
    event = Unfollowed(at_ms=now_ms(), follower_id=source_user_id, followee_id=target_user_id)
    return answer({"data": {"following": False}}, position=services().write(event, g.request_id))
