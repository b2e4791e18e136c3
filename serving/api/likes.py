"""Liking, and taking it back. Both may be said twice: the fold counts changes, not clicks."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Liked, Unliked
from serving.api.tweets import acted_on
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Shape
from serving.operations import operation, writes
from serving.services import services

blueprint = Blueprint("likes", __name__)

MAY_LIKE = writes("tweet.read", "users.read", "like.write")


class NewLike(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


class LikeDone(Shape):
    liked: bool


@blueprint.post("/users/<id>/likes")
@operation("likePost", MAY_LIKE, own="id", body=NewLike, answer=Done[LikeDone], limit="likes")
def like(id: int, body: NewLike) -> Response:
    """Likes a tweet. Liking it again changes nothing."""
    tweet = acted_on(body.tweet_id)
    event = Liked(at_ms=now_ms(), user_id=id, tweet_id=tweet.id)
    return answer({"data": {"liked": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<id>/likes/<tweet_id>")
@operation("unlikePost", MAY_LIKE, own="id", answer=Done[LikeDone])
def unlike(id: int, tweet_id: int) -> Response:
    """Takes a like back. Where there is none, nothing changes."""
    event = Unliked(at_ms=now_ms(), user_id=id, tweet_id=tweet_id)
    return answer({"data": {"liked": False}}, position=services().write(event, g.request_id))
