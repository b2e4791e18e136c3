"""What trends: in a place, for oneself, and what trended before. With the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, g

from serving import query
from serving.documents import not_found
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import PastTrend, PersonalTrend, Places, Trend
from serving.operations import operation, reads, writes
from serving.render.times import written
from serving.services import services
from serving.trending import HISTORY_DAYS
from views.trend_history import DAY_MS
from views.trends.board import Trend as Found
from views.trends.places import PLACES

blueprint = Blueprint("trends", __name__)

MOST, DEFAULT_MOST = 50, 20
MOST_PAST, DEFAULT_PAST = 1_000, 100
BY_DEFAULT = frozenset({"trend_name", "tweet_count"})
PERSONAL = frozenset({"category", "post_count", "trend_name", "trending_since"})
MINUTE_MS = 60_000


@blueprint.get("/trends/by/woeid/<woeid>")
@operation(
    "getTrendsByWoeid",
    reads("tweet.read"),
    query=(
        query.integer("max_trends", f"How many; {DEFAULT_MOST} by default.", 1, MOST),
        query.choices("trend.fields", "Fields of each trend.", Trend.__struct_fields__),
    ),
    answer=Places[Trend],
)
def by_woeid(woeid: int) -> Response:
    """Tags that more people use than usual in a place, or around it where nothing trends there."""
    if woeid not in PLACES:
        return answer({"errors": [not_found("place", str(woeid), "woeid")]})
    found = services().trending.of_place(woeid)
    fields = g.query.get("trend.fields", frozenset()) or BY_DEFAULT
    most = g.query.get("max_trends", DEFAULT_MOST)
    data = [only(fields, evidence(trend)) for trend in found.trends[:most]]
    return _trends(data, found.place, found.stale)


@blueprint.get("/users/personalized_trends")
@operation(
    "getTrendsPersonalizedTrends",
    writes("tweet.read", "users.read"),
    query=(query.choices("personalized_trend.fields", "Fields of each trend.", PERSONAL),),
    answer=Places[PersonalTrend],
)
def personalized() -> Response:
    """Trends of where one says to be; those first whose tags people use whom one follows."""
    found, around = services().trending.of_reader(principal().id)
    fields = g.query.get("personalized_trend.fields", frozenset()) or PERSONAL
    data = [
        only(
            fields,
            {
                "category": "Among those you follow"
                if trend.score.tag in around
                else f"Trending in {PLACES[found.place].name}",
                "post_count": trend.score.uses,
                "trend_name": f"#{trend.spelling}",
                "trending_since": written(trend.since * MINUTE_MS),
            },
        )
        for trend in found.trends[:MOST]
    ]
    return _trends(data, found.place, found.stale)


@blueprint.get("/trends/by/woeid/<woeid>/history")
@operation(
    "getTrendsHistoryByWoeid",
    reads("tweet.read"),
    query=(
        query.time("start_time", f"From this time on; {HISTORY_DAYS} days at most."),
        query.time("end_time", "Before this time; now by default."),
        query.integer("max_results", f"How many; {DEFAULT_PAST} by default.", 1, MOST_PAST),
    ),
    answer=Places[PastTrend],
)
def history(woeid: int) -> Response:
    """What trended in a place, latest first: each moment it was looked at, window by window."""
    if woeid not in PLACES:
        return answer({"errors": [not_found("place", str(woeid), "woeid")]})
    end_ms = g.query.get("end_time", now_ms() + MINUTE_MS)  # the minute that runs is in a window
    start_ms = g.query.get("start_time", max(0, end_ms - DAY_MS))
    if not 0 <= start_ms < end_ms:
        raise query.invalid("start_time", written(max(0, start_ms)), "is not before `end_time`")
    if end_ms - start_ms > HISTORY_DAYS * DAY_MS:
        raise query.invalid("start_time", written(start_ms), f"is over {HISTORY_DAYS} days before")
    most = g.query.get("max_results", DEFAULT_PAST)
    rows = services().trending.history(woeid, start_ms, end_ms, most)
    return _trends([past(row) for row in rows], woeid, ())


def evidence(trend: Found) -> dict[str, Any]:
    """All fields of a trend."""
    return {
        "trend_name": f"#{trend.spelling}",
        "tweet_count": trend.score.uses,
        "people_count": trend.score.people,
        "expected_people_count": round(trend.score.expected, 1),
        "score": round(trend.score.score, 2),
        "window": trend.score.window,
        "trending_since": written(trend.since * MINUTE_MS),
        "related_names": [f"#{name}" for name in trend.related],
    }


def past(row: dict[str, Any]) -> dict[str, Any]:
    """A moment of a trend, from its row."""
    return {
        "at": written(row["at_ms"]),
        "window": f"{row['window_hours']}h",
        "rank": row["rank"],
        "trend_name": f"#{row['spelling']}",
        "tweet_count": row["uses"],
        "people_count": row["people"],
        "expected_people_count": round(row["expected_milli"] / 1_000, 1),
        "score": round(row["score_milli"] / 1_000, 2),
        "trending_since": written(row["since_ms"]),
    }


def only(fields: frozenset[str], trend: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trend.items() if name in fields}


def _trends(data: list[dict[str, Any]], place: int, stale: Iterable[str]) -> Response:
    """One that is empty has no `data`."""
    meta = {"result_count": len(data), "woeid": place, "place": PLACES[place].name}
    return answer(({"data": data} if data else {}) | {"meta": meta}, stale=frozenset(stale))
