"""Liking, and taking it back. Both may be said twice: the fold counts changes, not clicks."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Liked, Unliked
from serving.api.tweets import acted_on
from serving.http import an_id, answer, body, now_ms, own
from serving.services import services

blueprint = Blueprint("likes", __name__)


class NewLike(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


@blueprint.post("/users/<user_id>/likes")
def like(user_id: str) -> Response:
    user = own(user_id)
    tweet = acted_on(body(NewLike).tweet_id)
    event = Liked(at_ms=now_ms(), user_id=user.id, tweet_id=tweet.id)
    return answer({"data": {"liked": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<user_id>/likes/<tweet_id>")
def unlike(user_id: str, tweet_id: str) -> Response:
    user = own(user_id)
    event = Unliked(at_ms=now_ms(), user_id=user.id, tweet_id=an_id(tweet_id, "tweet_id"))
    return answer({"data": {"liked": False}}, position=services().write(event, g.request_id))
