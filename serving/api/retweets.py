"""Retweeting once, and taking it back. A retweet is an entry of its own, with its own id."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Retweeted, Unretweeted
from serving.api.tweets import acted_on
from serving.errors import Forbidden
from serving.http import an_id, answer, body, now_ms, own
from serving.services import services

blueprint = Blueprint("retweets", __name__)


class NewRetweet(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


@blueprint.post("/users/<user_id>/retweets")
def retweet(user_id: str) -> Response:
    user = own(user_id)
    tweet = acted_on(body(NewRetweet).tweet_id)
    # Two requests at once would both find nothing; one waits until the other is done.
    with services().redis.exclusively(f"retweet:{user.id}:{tweet.id}"):
        if services().rows.retweet_id(user.id, tweet.id) is not None:
            raise Forbidden("You cannot retweet a Tweet that you have already retweeted.")
        event = Retweeted(
            at_ms=now_ms(),
            id=services().ids.next(),
            author_id=user.id,
            tweet_id=tweet.id,
            tweet_author_id=tweet.author_id,
        )
        position = services().write(event, g.request_id)
    id = str(event.id)
    return answer({"data": {"id": id, "rest_id": id, "retweeted": True}}, position=position)


@blueprint.delete("/users/<user_id>/retweets/<tweet_id>")
def unretweet(user_id: str, tweet_id: str) -> Response:
    user, source_id = own(user_id), an_id(tweet_id, "source_tweet_id")
    position = None
    with services().redis.exclusively(f"retweet:{user.id}:{source_id}"):
        id = services().rows.retweet_id(user.id, source_id)
        if id is not None:
            event = Unretweeted(at_ms=now_ms(), id=id, author_id=user.id, tweet_id=source_id)
            position = services().write(event, g.request_id)
    return answer({"data": {"retweeted": False}}, position=position)
