"""Keeping a tweet for oneself. Nobody else sees whose bookmark it is, only how many there are."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import Bookmarked, Unbookmarked
from serving.api.pages import A_PAGE, tweets_beside
from serving.api.parameters import TWEET_SELECTION, pages
from serving.api.tweets import acted_on, taken_back
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, Tweet
from serving.operations import operation, writes
from serving.services import services

blueprint = Blueprint("bookmarks", __name__)

MAY_BOOKMARK = writes("tweet.read", "users.read", "bookmark.write")


class NewBookmark(msgspec.Struct, forbid_unknown_fields=True):
    tweet_id: str


class BookmarkDone(Shape):
    bookmarked: bool


@blueprint.post("/users/<id>/bookmarks")
@operation(
    "createUsersBookmark", MAY_BOOKMARK, own="id", body=NewBookmark, answer=Done[BookmarkDone]
)
def bookmark(id: int, body: NewBookmark) -> Response:
    """Bookmarks a tweet. Bookmarking it again changes nothing."""
    tweet = acted_on(body.tweet_id)
    event = Bookmarked(at_ms=now_ms(), user_id=id, tweet_id=tweet.id)
    return answer({"data": {"bookmarked": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/users/<id>/bookmarks/<tweet_id>")
@operation("deleteUsersBookmark", MAY_BOOKMARK, own="id", answer=Done[BookmarkDone])
def unbookmark(id: int, tweet_id: int) -> Response:
    """Takes a bookmark back. Where there is none, nothing changes."""
    event = Unbookmarked(at_ms=now_ms(), user_id=id, tweet_id=taken_back(tweet_id))
    return answer({"data": {"bookmarked": False}}, position=services().write(event, g.request_id))


@blueprint.get("/users/<id>/bookmarks")
@operation(
    "getUsersBookmarks",
    writes("tweet.read", "users.read", "bookmark.read"),
    own="id",
    query=(*TWEET_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[Tweet],
)
def bookmarks(id: int) -> Response:
    """One's bookmarks, the newest tweet first."""
    return tweets_beside("bookmarks", id)
