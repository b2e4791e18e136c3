"""What does the API say that trends? The boards are put into Redis as `realtime.board` does."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from settings import Settings
from tests.frozen import standing_still
from tests.people import Person
from tests.views.cast import trended
from views.tables import TABLES, statement
from views.trend_history import project
from views.trends import shown
from views.trends.board import Trend
from views.trends.places import WORLDWIDE, places_of
from views.trends.scores import Score

pytestmark = pytest.mark.engines
BOSTON, USA, _ = places_of("Boston")
PARIS, FRANCE, _ = places_of("Paris")
PLACES = (BOSTON, USA, PARIS, FRANCE, WORLDWIDE)


def trend(tag: str, score: float, window: str = "1h", **more: Any) -> Trend:
    return Trend(Score(tag, window, score, 40, 45, 3.26), tag.title(), since=1, **more)


@pytest.fixture
def redis(api_server: Settings) -> Iterator[Redis]:
    """With nobody who puts other boards there meanwhile."""
    with standing_still(api_server, "board"), Redis.from_url(api_server.redis_url) as client:
        client.delete(*(shown.key(place) for place in PLACES))
        yield client
        client.delete(*(shown.key(place) for place in PLACES))


def show(redis: Redis, place: int, *trends: Trend, minutes_ago: int = 0) -> None:
    windows: dict[str, list[Trend]] = {"1h": [], "4h": [], "24h": []}
    for each in trends:
        windows[each.score.window].append(each)
    redis.set(shown.key(place), shown.packed(int(clock.time()) // 60 - minutes_ago, windows))


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [trend["trend_name"] for trend in answer.json().get("data", [])]


def test_a_place_has_its_own_trends_and_else_those_around_it(redis: Redis, alice: Person) -> None:
    show(redis, WORLDWIDE, trend("world", 9))
    show(redis, USA, trend("state", 5))
    show(redis, BOSTON)
    answers = {place: alice.get(f"/trends/by/woeid/{place}") for place in PLACES}
    assert [names(answers[place]) for place in (BOSTON, USA, PARIS, WORLDWIDE)] == [
        ["#State"],
        ["#State"],
        ["#World"],
        ["#World"],
    ]
    assert answers[BOSTON].json()["meta"] == {
        "result_count": 1,
        "woeid": USA,
        "place": "United States",
    }


def test_a_tag_is_there_once_with_the_evidence_that_is_asked_for(
    redis: Redis, alice: Person
) -> None:
    show(redis, WORLDWIDE, trend("storm", 3, "1h"), trend("storm", 8, "4h", related=("Rain",)))
    assert alice.get("/trends/by/woeid/1").json()["data"] == [
        {"trend_name": "#Storm", "tweet_count": 45}
    ]
    fields = "trend_name,score,window,people_count,expected_people_count,trending_since"
    answer = alice.get("/trends/by/woeid/1", trend__fields=f"{fields},related_names,tweet_count")
    assert answer.json()["data"] == [
        {
            "trend_name": "#Storm",
            "tweet_count": 45,
            "people_count": 40,
            "expected_people_count": 3.3,
            "score": 8,
            "window": "4h",
            "trending_since": "1970-01-01T00:01:00.000Z",
            "related_names": ["#Rain"],
        }
    ]


def test_where_nothing_trends_there_is_no_data_and_an_old_board_is_said_to_be(
    redis: Redis, alice: Person
) -> None:
    show(redis, WORLDWIDE)
    fresh = alice.get("/trends/by/woeid/1")
    assert "data" not in fresh.json()
    assert "x-stale" not in fresh.headers
    show(redis, WORLDWIDE, trend("storm", 3), minutes_ago=20)
    assert alice.get("/trends/by/woeid/1").headers["x-stale"] == "trends"


@pytest.mark.parametrize("path", ["/trends/by/woeid/5", "/trends/by/woeid/5/history"])
def test_a_place_that_nobody_knows_is_said(alice: Person, path: str) -> None:
    answer = alice.get(path)
    assert answer.json()["errors"][0]["detail"] == "Could not find place with woeid: [5]."


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/trends/by/woeid/here", {}, "woeid"),
        ("/trends/by/woeid/1", {"max_trends": 51}, "max_trends"),
        ("/trends/by/woeid/1", {"trend__fields": "colour"}, "colour"),
        ("/trends/by/woeid/1/history", {"start_time": "2999-01-01T00:00:00Z"}, "start_time"),
        (
            "/trends/by/woeid/1/history",
            {"start_time": "2020-01-01T00:00:00Z", "end_time": "2020-03-01T00:00:00Z"},
            "start_time",
        ),
    ],
)
def test_a_bad_question_is_told_what_is_wrong(
    alice: Person, path: str, query: dict[str, Any], said: str
) -> None:
    answer = alice.get(path, **query)
    assert answer.status_code == 400
    assert said in answer.text


def test_ones_own_trends_are_of_where_one_is_and_of_those_one_follows(
    redis: Redis, alice: Person, bob: Person, carol: Person
) -> None:
    show(redis, FRANCE, trend("vin", 9), trend("baguette", 5))
    show(redis, WORLDWIDE, trend("world", 9))
    assert names(carol.get("/users/personalized_trends")) == ["#World"]
    assert alice.http.patch("/users/me", json={"location": "Paris"}).status_code == 200
    alice.follow(bob)
    bob.tweet("a fresh #Baguette")
    answer = alice.get("/users/personalized_trends")
    assert [(t["trend_name"], t["category"]) for t in answer.json()["data"]] == [
        ("#Baguette", "Among those you follow"),
        ("#Vin", "Trending in France"),
    ]


def test_the_history_is_told_latest_first(alice: Person) -> None:
    cassandra = alice.services.cassandra
    for minute in (7, 2_000, 2_001):
        event = trended(PARIS, "storm", minute=minute)
        (change,) = project(event)
        cql, values = statement(TABLES["trend_history"], change, pos=minute)
        cassandra.finish(cassandra.begin([(cql, values)]))
    start, end = "1970-01-01T00:05:00Z", "1970-01-03T00:00:00Z"
    path = f"/trends/by/woeid/{PARIS}/history"
    answer = alice.get(path, start_time=start, end_time=end)
    assert [past["at"] for past in answer.json()["data"]] == [
        "1970-01-02T09:21:00.000Z",
        "1970-01-02T09:20:00.000Z",
        "1970-01-01T00:07:00.000Z",
    ]
    assert answer.json()["data"][0] == {
        "at": "1970-01-02T09:21:00.000Z",
        "window": "1h",
        "rank": 1,
        "trend_name": "#Storm",
        "tweet_count": 45,
        "people_count": 40,
        "expected_people_count": 0,
        "score": 8,
        "trending_since": "1970-01-01T00:00:00.000Z",
    }
    assert len(alice.get(path, start_time=start, end_time=end, max_results=2).json()["data"]) == 2
