"""Which tweets quote this one?"""

from __future__ import annotations

from flask import Blueprint, Response

from serving.api.pages import readable_tweet, tweets_page
from serving.api.parameters import (
    EXCLUDE,
    TWEET_SELECTION,
    cursor,
    page_size,
    pages,
    selected,
    window,
)
from serving.api.tweets import MAY_READ
from serving.http import answer, principal
from serving.openapi.shapes import Page, Tweet
from serving.operations import operation
from serving.services import services

blueprint = Blueprint("quotes", __name__)


@blueprint.get("/tweets/<id>/quote_tweets")
@operation(
    "getPostsQuotedPosts",
    MAY_READ,
    query=(*TWEET_SELECTION, *pages(10, 100), EXCLUDE),
    answer=Page[Tweet],
)
def quote_tweets(id: int) -> Response:
    """Tweets that quote this one, newest first."""
    tweet, errors = readable_tweet(id)
    if tweet is None:
        return answer({"errors": errors})
    name = f"quotes/{tweet.id}"
    page = services().timelines.listed(
        principal().id, "quotes", tweet.id, cursor(name), page_size(), window(), selected()
    )
    return tweets_page(name, page)
