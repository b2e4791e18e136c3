"""Liking, and taking it back; who likes what. A like may be said twice: the fold counts changes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Liked, Unliked
from serving.api.pages import A_PAGE, readable_tweet, tweets_beside, unreadable, users_beside
from serving.api.parameters import (
    TWEET_SELECTION,
    USER_SELECTION,
    pages,
)
from serving.api.tweets import acted_on, taken_back
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, Tweet, User
from serving.operations import operation, writes
from serving.services import services

blueprint = Blueprint("likes", __name__)

MAY_LIKE = writes("tweet.read", "users.read", "like.write")
MAY_READ = writes("tweet.read", "users.read", "like.read")


class NewLike(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


class LikeDone(Shape):
    liked: bool


@blueprint.post("/users/<id>/likes")
@operation("likePost", MAY_LIKE, own="id", body=NewLike, answer=Done[LikeDone], limit="likes")
def like(id: int, body: NewLike) -> Response:
    """Likes a tweet. Liking it again changes nothing."""
    tweet = acted_on(body.tweet_id)
    event = Liked(at_ms=now_ms(), user_id=id, tweet_id=tweet.id, tweet_author_id=tweet.author_id)
    return answer({"data": {"liked": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<id>/likes/<tweet_id>")
@operation("unlikePost", MAY_LIKE, own="id", answer=Done[LikeDone])
def unlike(id: int, tweet_id: int) -> Response:
    """Takes a like back. Where there is none, nothing changes."""
    event = Unliked(at_ms=now_ms(), user_id=id, tweet_id=taken_back(tweet_id))
    return answer({"data": {"liked": False}}, position=services().write(event, g.request_id))


@blueprint.get("/users/<id>/liked_tweets")
@operation(
    "getUsersLikedPosts",
    MAY_READ,
    query=(*TWEET_SELECTION, *pages(5, 100, default=A_PAGE)),
    answer=Page[Tweet],
)
def liked_tweets(id: int) -> Response:
    """The tweets that this user likes, the newest tweet first."""
    if error := unreadable(id):
        return answer({"errors": [error]})
    return tweets_beside("liked_tweets", id)


@blueprint.get("/tweets/<id>/liking_users")
@operation(
    "getPostsLikingUsers",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[User],
)
def liking_users(id: int) -> Response:
    """Who likes this tweet, the newest account first."""
    tweet, errors = readable_tweet(id)
    if tweet is None:
        return answer({"errors": errors})
    return users_beside("liking_users", tweet.id)
