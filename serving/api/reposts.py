"""Who retweeted what: of a tweet, and of all of one's own."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response

from serving.api.pages import A_PAGE, readable_tweet, reposters_page, tweets_page
from serving.api.parameters import (
    TWEET_SELECTION,
    USER_SELECTION,
    cursor,
    page_size,
    pages,
    selected,
)
from serving.api.tweets import MAY_READ
from serving.http import answer, principal
from serving.openapi.shapes import Page, Tweet, User
from serving.operations import operation, writes
from serving.rows import Found, TweetRow
from serving.services import services
from serving.timelines import Window

blueprint = Blueprint("reposts", __name__)


@blueprint.get("/tweets/<id>/retweeted_by")
@operation(
    "getPostsRepostedBy",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[User],
)
def retweeted_by(id: int) -> Response:
    """Who retweeted this tweet, the latest first."""
    tweet, errors = readable_tweet(id)
    if tweet is None:
        return answer({"errors": errors})
    name = f"retweeted_by/{tweet.id}"
    page = services().reposts.by(
        principal().id, tweet.id, cursor(name), page_size(A_PAGE), selected()
    )
    return reposters_page(name, page)


@blueprint.get("/tweets/<id>/retweets")
@operation(
    "getPostsReposts",
    MAY_READ,
    query=(*TWEET_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[Tweet],
)
def retweets(id: int) -> Response:
    """The retweets of this tweet, as entries of their own, the latest first."""
    tweet, errors = readable_tweet(id)
    if tweet is None:
        return answer({"errors": errors})
    name, at, size = f"retweets/{tweet.id}", cursor(f"retweets/{tweet.id}"), page_size(A_PAGE)
    page = services().timelines.listed(
        principal().id, "reposts", tweet.id, at, size, Window(), selected()
    )
    return tweets_page(name, page)


@blueprint.get("/users/reposts_of_me")
@operation(
    "getUsersRepostsOfMe",
    writes("timeline.read", "tweet.read"),
    query=(*TWEET_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[Tweet],
    limit="timeline",
)
def reposts_of_me() -> Response:
    """One's own tweets that somebody has retweeted, newest first."""
    name, made, me = f"reposts_of_me/{principal().id}", services(), principal().id
    with_metrics = replace(selected(), tweet_fields=selected().tweet_fields | {"public_metrics"})

    def retweeted(row: TweetRow, found: Found) -> bool:
        return found.tweet_counts.get(row.counted_id, {}).get("retweet_count", 0) > 0

    page = made.timelines.page(
        *(me, made.timelines.by_author(me, OWN), cursor(name), page_size(A_PAGE), OWN),
        with_metrics,
        matches=retweeted,
    )
    return tweets_page(name, page)


OWN = Window(retweets=False)
