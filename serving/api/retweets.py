"""Retweeting once, and taking it back. A retweet is an entry of its own, with its own id."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Retweeted, Unretweeted
from serving.api.tweets import acted_on, taken_back
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Id, Shape
from serving.operations import new_id, operation, writes
from serving.services import services

blueprint = Blueprint("retweets", __name__)

MAY_RETWEET = writes("tweet.read", "tweet.write", "users.read")


class NewRetweet(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


class RetweetDone(Shape):
    id: Id
    rest_id: Id
    retweeted: bool


class UnretweetDone(Shape):
    retweeted: bool


@blueprint.post("/users/<id>/retweets")
@operation("repostPost", MAY_RETWEET, own="id", body=NewRetweet, answer=Done[RetweetDone])
def retweet(id: int, body: NewRetweet) -> Response:
    """Retweets a tweet. A second retweet of it is refused."""
    tweet = acted_on(body.tweet_id)
    event = Retweeted(
        at_ms=now_ms(),
        id=new_id(),
        author_id=id,
        tweet_id=tweet.id,
        tweet_author_id=tweet.author_id,
    )
    author = services().rows.fetch(users=[tweet.author_id]).users.get(tweet.author_id)
    if author is not None and author.protected and author.id != id:
        raise Forbidden("You cannot retweet a Tweet of a protected account.")
    # Two requests at once would both find nothing; one waits until the other is done.
    with services().redis.exclusively(f"retweet:{id}:{tweet.id}"):
        standing = services().rows.retweet_id(id, tweet.id)
        # Its own id stands where an earlier try made it and the answer was lost.
        if standing not in (None, event.id):
            raise Forbidden("You cannot retweet a Tweet that you have already retweeted.")
        position = services().write(event, g.request_id)
    made = str(event.id)
    return answer({"data": {"id": made, "rest_id": made, "retweeted": True}}, position=position)


@blueprint.delete("/users/<id>/retweets/<source_tweet_id>")
@operation("unrepostPost", MAY_RETWEET, own="id", answer=Done[UnretweetDone])
def unretweet(id: int, source_tweet_id: int) -> Response:
    """Takes a retweet back. Where there is none, nothing changes."""
    position, source_id = None, taken_back(source_tweet_id)
    with services().redis.exclusively(f"retweet:{id}:{source_id}"):
        standing = services().rows.retweet_id(id, source_id)
        if standing is not None:
            event = Unretweeted(at_ms=now_ms(), id=standing, author_id=id, tweet_id=source_id)
            position = services().write(event, g.request_id)
    return answer({"data": {"retweeted": False}}, position=position)
