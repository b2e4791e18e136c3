"""Timelines: one's own home, the tweets of a user, and those that mention one."""

from __future__ import annotations

from flask import Blueprint, Response

from serving.api.pages import timeline_page, unreadable
from serving.api.parameters import (
    EXCLUDE,
    TWEET_SELECTION,
    WINDOW,
    cursor,
    page_size,
    pages,
    selected,
    window,
)
from serving.http import answer, principal
from serving.openapi.shapes import Page, Tweet
from serving.operations import operation, reads, writes
from serving.services import services

blueprint = Blueprint("timelines", __name__)


@blueprint.get("/users/<id>/timelines/reverse_chronological")
@operation(
    "getUsersTimeline",
    writes("tweet.read", "users.read"),
    own="id",
    query=(*TWEET_SELECTION, *pages(1, 100), *WINDOW, EXCLUDE),
    answer=Page[Tweet],
    limit="timeline",
)
def home(id: int) -> Response:
    """The tweets and retweets of those whom one follows, and one's own, newest first."""
    name = f"home/{id}"
    page = services().timelines.home(id, cursor(name), page_size(), window(), selected())
    return timeline_page(name, page)


@blueprint.get("/users/<id>/tweets")
@operation(
    "getUsersPosts",
    reads("tweet.read", "users.read"),
    query=(*TWEET_SELECTION, *pages(5, 100), *WINDOW, EXCLUDE),
    answer=Page[Tweet],
    limit="timeline",
)
def of_user(id: int) -> Response:
    """A user's tweets and retweets, newest first."""
    name = f"user/{id}"
    page = services().timelines.of_user(
        principal().id, id, cursor(name), page_size(), window(), selected()
    )
    # Only an empty page leaves open whether there is such a user, and whether they may be read.
    if not page.rows and (error := unreadable(id)):
        return answer({"errors": [error]})
    return timeline_page(name, page)


@blueprint.get("/users/<id>/mentions")
@operation(
    "getUsersMentions",
    reads("tweet.read", "users.read"),
    query=(*TWEET_SELECTION, *pages(5, 100), *WINDOW),
    answer=Page[Tweet],
    limit="timeline",
)
def mentions(id: int) -> Response:
    """Tweets that mention a user, and answers to what they wrote, newest first."""
    name = f"mentions/{id}"
    page = services().timelines.listed(
        principal().id, "mentions", id, cursor(name), page_size(), window(), selected()
    )
    if not page.rows and (error := unreadable(id)):
        return answer({"errors": [error]})
    return timeline_page(name, page)
