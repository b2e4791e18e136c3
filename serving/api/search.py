"""Searching the tweets of the last seven days, and counting them."""

from __future__ import annotations

import dataclasses

from flask import Blueprint, Response, g
from msgspec import UNSET, UnsetType

from ingest.ids import first_id_at, timestamp_ms
from serving import query
from serving.api.pages import timeline_page
from serving.api.parameters import (
    TOKENS,
    TWEET_SELECTION,
    WINDOW,
    cursor,
    page_size,
    pages,
    selected,
    window,
)
from serving.counting import UNITS_MS, buckets
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Count, Page, Shape, Time, Tweet
from serving.operations import operation, reads
from serving.render.times import written
from serving.search.found import RECENT_MS
from serving.search.query import LONGEST
from serving.services import services
from serving.timelines import Window
from views.search_index import JOB

blueprint = Blueprint("search", __name__)

GRACE_MS = 60_000  # a client may have reckoned the seven days a moment ago
MAY_READ = reads("tweet.read", "users.read")
QUERY = query.text(
    "query",
    "Words, phrases, #tags, @mentions, $cashtags and the operators of X's recent search; a "
    "space is and, OR binds looser, - negates.",
    longest=LONGEST,
    required=True,
)
ORDER = query.choice(
    "sort_order", "The newest first (the default), or what fits best.", ("recency", "relevancy")
)
GRANULARITY = query.choice("granularity", "What a bucket is; an hour by default.", UNITS_MS)
BUCKET_FIELDS = ("start", "end", "tweet_count", "post_count")
COUNT_FIELDS = query.choices(
    "search_count.fields", "Fields of each bucket; all by default.", BUCKET_FIELDS
)


class Bucket(Shape):
    start: Time | UnsetType = UNSET
    end: Time | UnsetType = UNSET
    tweet_count: Count | UnsetType = UNSET
    post_count: Count | UnsetType = UNSET


class CountsMeta(Shape):
    total_tweet_count: Count
    total_post_count: Count


class Counts(Shape):
    data: list[Bucket]
    meta: CountsMeta


@blueprint.get("/tweets/search/recent")
@operation(
    "searchPostsRecent",
    MAY_READ,
    query=(QUERY, *TWEET_SELECTION, *pages(10, 100), *WINDOW, ORDER),
    answer=Page[Tweet],
    limit="search",
    after=(JOB,),
)
def recent() -> Response:
    """Tweets of the last seven days that the query finds, newest first."""
    return _page(_recent())


def _page(within: Window) -> Response:
    viewer_id, search = principal().id, services().search
    asked = search.understand(viewer_id, g.query["query"])
    # A page of one search says nothing about another; bounds may be sent again or left out.
    name = f"search/{viewer_id}/{asked.name}"
    if g.query.get("sort_order") == "relevancy":
        name += "/best"
        best = (cursor(name), page_size(), now_ms(), within, selected())
        return timeline_page(name, search.best(viewer_id, asked, *best))
    page = search.page(viewer_id, asked, cursor(name), page_size(), within, selected())
    return timeline_page(name, page)


@blueprint.get("/tweets/search/all")
@operation(
    "searchPostsAll",
    MAY_READ,
    query=(QUERY, *TWEET_SELECTION, *pages(10, 500), *WINDOW, ORDER),
    answer=Page[Tweet],
    limit="search",
    after=(JOB,),
)
def everything() -> Response:
    """Tweets of all time that the query finds, newest first."""
    return _page(window())


@blueprint.get("/tweets/counts/recent")
@operation(
    "getPostsCountsRecent",
    MAY_READ,
    query=(QUERY, *WINDOW, *TOKENS, GRANULARITY, COUNT_FIELDS),
    answer=Counts,
    limit="search",
    after=(JOB,),
)
def counts() -> Response:
    """How many tweets of the last seven days the query finds, by minute, hour or day."""
    viewer_id, within, search = principal().id, _recent(), services().search
    asked = search.understand(viewer_id, g.query["query"])
    cursor("counts")  # they come in one page, so there is no token that is one
    unit_ms = UNITS_MS[g.query.get("granularity", "hour")]
    found = buckets(
        search.counts(viewer_id, asked, within, unit_ms),
        start_ms=timestamp_ms(within.after_id + 1),
        end_ms=timestamp_ms(within.before_id - 1) + 1,
        unit_ms=unit_ms,
    )
    shown = g.query.get("search_count.fields") or BUCKET_FIELDS
    data = [
        {
            name: value
            for name, value in (
                ("start", written(start_ms)),
                ("end", written(end_ms)),
                ("tweet_count", count),
                ("post_count", count),
            )
            if name in shown
        }
        for start_ms, end_ms, count in found
    ]
    total = sum(count for _, _, count in found)
    return answer({"data": data, "meta": {"total_tweet_count": total, "total_post_count": total}})


def _recent() -> Window:
    """The bounds asked for, within the last seven days. Raises `InvalidRequest` for others."""
    now, within = now_ms(), window()
    oldest = now - RECENT_MS
    for name in ("start_time", "end_time"):
        if (ms := g.query.get(name)) is not None and ms < oldest - GRACE_MS:
            raise query.invalid(name, written(ms), "is more than seven days ago")
    bounded = dataclasses.replace(
        within,
        after_id=max(within.after_id, first_id_at(oldest) - 1),
        before_id=min(within.before_id, first_id_at(now + 1)),
    )
    if bounded.before_id <= bounded.after_id + 1:
        raise query.invalid("until_id", str(within.before_id), "leaves no time before the end")
    return bounded
