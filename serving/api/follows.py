"""Following, asking to follow, and ending either. All may be said twice: folds count changes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Event, Followed, FollowRequested, Unfollowed
from serving.api.pages import A_PAGE, unreadable, users_beside
from serving.api.parameters import USER_SELECTION, pages
from serving.api.targets import target_user
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, User
from serving.operations import operation, reads, writes
from serving.services import services

blueprint = Blueprint("follows", __name__)

MAY_FOLLOW = writes("tweet.read", "users.read", "follows.write")
MAY_READ = reads("tweet.read", "users.read", "follows.read")


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
    """Follows a user, or asks to where the account is protected. Again changes nothing."""
    target, relation = target_user(body.target_user_id, follows=True)
    if target.id == id:
        raise Forbidden("You cannot follow yourself.")
    if relation.blocking or relation.blocked_by:
        raise Forbidden("You cannot follow a user who blocks you or whom you block.")
    asks = target.protected and not relation.following
    event: Event
    if asks:
        event = FollowRequested(at_ms=now_ms(), follower_id=id, followee_id=target.id)
    else:  # where one asked before, and the account is public now, that is the answer
        event = Followed(
            at_ms=now_ms(),
            follower_id=id,
            followee_id=target.id,
            accepted=relation.requested,
        )
    data = {"following": not asks, "pending_follow": asks}
    return answer({"data": data}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<source_user_id>/following/<target_user_id>")
@operation("unfollowUser", MAY_FOLLOW, own="source_user_id", answer=Done[UnfollowDone])
def unfollow(source_user_id: int, target_user_id: int) -> Response:
    """Ends following a user, or takes back the request. Where there is neither, changes nothing."""
    event = Unfollowed(at_ms=now_ms(), follower_id=source_user_id, followee_id=target_user_id)
    return answer({"data": {"following": False}}, position=services().write(event, g.request_id))


@blueprint.get("/users/<id>/followers")
@operation(
    "getUsersFollowers",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 1000, default=A_PAGE)),
    answer=Page[User],
)
def followers(id: int) -> Response:
    """Who follows this user, the newest account first."""
    return _beside("followers", id)


@blueprint.get("/users/<id>/following")
@operation(
    "getUsersFollowing",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 1000, default=A_PAGE)),
    answer=Page[User],
)
def following(id: int) -> Response:
    """Whom this user follows, the newest account first."""
    return _beside("following", id)


def _beside(view: str, id: int) -> Response:
    if error := unreadable(id):
        return answer({"errors": [error]})
    return users_beside(view, id)
