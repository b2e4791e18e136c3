"""Who asks to follow a protected account, and what its owner answers. Starling's own endpoints."""

from __future__ import annotations

from flask import Blueprint, Response, g

from ingest.events import Followed, FollowRequestDeclined
from serving.api.pages import A_PAGE, users_beside
from serving.api.parameters import USER_SELECTION, pages
from serving.errors import NotFound
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, User
from serving.operations import operation, writes
from serving.services import services

blueprint = Blueprint("follow_requests", __name__)

MAY_ANSWER = writes("tweet.read", "users.read", "follows.write")


class AnswerDone(Shape):
    accepted: bool


@blueprint.get("/users/<id>/follow_requests")
@operation(
    "getUsersFollowRequests",
    writes("tweet.read", "users.read", "follows.read"),
    own="id",
    query=(*USER_SELECTION, *pages(1, 1000, default=A_PAGE)),
    answer=Page[User],
)
def follow_requests(id: int) -> Response:
    """Who asks to follow one, the newest account first."""
    return users_beside("follow_requests", id)


@blueprint.post("/users/<id>/follow_requests/<requester_id>")
@operation("acceptFollowRequest", MAY_ANSWER, own="id", answer=Done[AnswerDone])
def accept(id: int, requester_id: int) -> Response:
    """Lets the one who asked follow from now on."""
    event = Followed(at_ms=now_ms(), follower_id=requester_id, followee_id=id, accepted=True)
    return _answer(event)


@blueprint.delete("/users/<id>/follow_requests/<requester_id>")
@operation("declineFollowRequest", MAY_ANSWER, own="id", answer=Done[AnswerDone])
def decline(id: int, requester_id: int) -> Response:
    """Refuses; the one who asked may ask again."""
    return _answer(FollowRequestDeclined(at_ms=now_ms(), follower_id=requester_id, followee_id=id))


def _answer(event: Followed | FollowRequestDeclined) -> Response:
    # An answer is only to what was asked: nobody is made to follow who did not ask.
    edge = ("follow_requests", event.followee_id, event.follower_id)
    if services().cassandra.edges_stand([edge]) != [True]:
        raise NotFound("follow request", str(event.follower_id), "requester_id")
    position = services().write(event, g.request_id)
    accepted = isinstance(event, Followed)
    return answer({"data": {"accepted": accepted}}, position=position)
