"""Timelines: one's own home, and the tweets of a user."""

from __future__ import annotations

from flask import Blueprint, Response

from serving.api.pages import unreadable
from serving.api.parameters import (
    EXCLUDE,
    TWEET_SELECTION,
    WINDOW,
    cursor,
    page_meta,
    page_size,
    pages,
    selected,
    window,
)
from serving.http import answer, principal
from serving.openapi.shapes import Page as PageOf
from serving.openapi.shapes import Tweet
from serving.operations import operation, reads, writes
from serving.pages import Page
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.services import services

blueprint = Blueprint("timelines", __name__)


@blueprint.get("/users/<id>/timelines/reverse_chronological")
@operation(
    "getUsersTimeline",
    writes("tweet.read", "users.read"),
    own="id",
    query=(*TWEET_SELECTION, *pages(1, 100), *WINDOW, EXCLUDE),
    answer=PageOf[Tweet],
    limit="timeline",
)
def home(id: int) -> Response:
    """The tweets and retweets of those whom one follows, and one's own, newest first."""
    name, selection = f"home/{id}", selected()
    page = services().timelines.home(id, cursor(name), page_size(), window(), selection)
    return _answer(name, page, selection)


@blueprint.get("/users/<id>/tweets")
@operation(
    "getUsersPosts",
    reads("tweet.read", "users.read"),
    query=(*TWEET_SELECTION, *pages(5, 100), *WINDOW, EXCLUDE),
    answer=PageOf[Tweet],
    limit="timeline",
)
def of_user(id: int) -> Response:
    """A user's tweets and retweets, newest first."""
    name, selection = f"user/{id}", selected()
    page = services().timelines.of_user(
        principal().id, id, cursor(name), page_size(), window(), selection
    )
    # Only an empty page leaves open whether there is such a user, and whether they may be read.
    if not page.rows and (error := unreadable(id)):
        return answer({"errors": [error]})
    return _answer(name, page, selection)


def _answer(name: str, page: Page[TweetRow], selection: Selection) -> Response:
    data, includes, errors = services().documents.of_tweets(
        principal().id, page.rows, selection, page.found
    )
    document: dict[str, object] = {"data": data} if data else {}
    if includes:
        document["includes"] = includes
    if errors:
        document["errors"] = errors
    return answer(document | {"meta": page_meta(name, page)}, stale=page.found.stale)
