"""What does the API say about itself, and what while a store hangs?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.people import Person, ids

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("graph_server", "index_server")]
STORES = {"kafka", "redis", "cassandra", "postgres", "neo4j", "opensearch"}


@contextmanager
def without_timelines(settings: Settings) -> Iterator[None]:
    with frozen(settings.timelines_port), frozen(settings.timelines_second_port):
        yield


def ready(settings: Settings) -> httpx.Response:
    return httpx.get(f"{settings.api_url}/health/ready", timeout=10)


def test_it_is_ready_when_every_store_answers(api_server: Settings) -> None:
    until(lambda: ready(api_server).status_code == 200)
    assert set(ready(api_server).json()["checks"]) == STORES
    assert httpx.get(f"{api_server.api_url}/health/live").json() == {"status": "live"}


def test_metrics_name_routes_not_paths(api_server: Settings, alice: Person) -> None:
    alice.get("/users/me")
    text = httpx.get(f"{api_server.api_url}/metrics").text
    assert 'route="/2/users/me"' in text
    assert "starling_api_request_seconds_bucket" in text
    assert "starling_api_appended_events_total" in text


def test_without_the_log_writes_are_refused_and_reads_go_on(
    api_server: Settings, alice: Person
) -> None:
    id = alice.tweet()
    with frozen(api_server.kafka_port):
        refused = alice.post("never acknowledged")
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert refused.json()["title"] == "Service Unavailable"
        assert "x-log-position" not in refused.headers
        assert ids(alice.tweets_of(alice)) == [id]
        health = ready(api_server)
        assert health.status_code == 503
        assert {n for n, c in health.json()["checks"].items() if not c["ok"]} == {"kafka"}
    until(lambda: alice.post("again").status_code == 201)


def test_without_redis_cassandra_answers_and_says_what_is_stale(
    api_server: Settings, alice: Person
) -> None:
    id = alice.tweet("kept")
    with frozen(api_server.redis_port), without_timelines(api_server):
        found = alice.get(f"/tweets/{id}", tweet__fields="public_metrics", expansions="author_id")
        assert found.json()["data"]["text"] == "kept"
        assert found.headers["x-stale"] == "counts"
        assert found.json()["includes"]["users"][0]["id"] == alice.id
        assert ids(alice.tweets_of(alice)) == [id]
        home = alice.home()
        assert ids(home) == [id]
        assert home.headers["x-stale"] == "counts, timeline"
        posted = alice.post("without redis")  # the log has it, and the speed layer will bring it
        assert posted.status_code == 201
        newest = [posted.json()["data"]["id"], id]
        assert ids(alice.tweets_of(alice)) == ids(alice.home()) == newest
    until(lambda: "x-stale" not in alice.home().headers, why="the home stays stale")
    assert ids(alice.home()) == newest


@pytest.mark.parametrize("server", ["timelines_port", "timelines_second_port"])
def test_without_a_server_of_timelines_homes_are_answered_and_all_else_goes_on(
    api_server: Settings, server: str, alice: Person, bob: Person, carol: Person
) -> None:
    people = alice, bob, carol
    said = {person: person.tweet("kept") for person in people}
    for person in people:
        person.home()
    with frozen(getattr(api_server, server)):
        for person in people:
            home = person.home()
            assert ids(home) == [said[person]]
            assert home.headers.get("x-stale") in (None, "timeline")
        found = alice.get(f"/tweets/{said[alice]}", tweet__fields="public_metrics")
        assert found.status_code == 200
        assert "x-stale" not in found.headers
    for person in people:
        until(lambda p=person: "x-stale" not in p.home().headers, why="the home stays stale")


def test_without_timelines_a_read_after_is_no_stale_answer(
    api_server: Settings, alice: Person
) -> None:
    posted = alice.post("to be seen")
    with without_timelines(api_server):
        path = f"/users/{alice.id}/timelines/reverse_chronological"
        assert alice.get(path, after=posted).status_code == 503
    until(lambda: "x-stale" not in alice.home().headers)


def test_without_cassandra_hot_tweets_and_home_are_answered(
    api_server: Settings, alice: Person
) -> None:
    alice.home()
    id = alice.tweet("hot")
    alice.home()
    with frozen(api_server.cassandra_port):
        assert ids(alice.home()) == [id]
        assert alice.get(f"/tweets/{id}").json()["data"]["text"] == "hot"
        unknown = alice.get("/tweets/1")
        assert unknown.status_code == 503
        assert alice.post("without cassandra").status_code == 201
    until(lambda: alice.get("/tweets/1").status_code == 200)


def test_without_postgres_known_tokens_keep_working(api_server: Settings, alice: Person) -> None:
    alice.get("/users/me")
    with frozen(api_server.postgres_port):
        unknown = httpx.get(
            f"{api_server.api_url}/2/users/me", headers={"authorization": "Bearer x"}, timeout=10
        )
        assert unknown.status_code == 503
        assert alice.get("/users/me").status_code == 200
    until(lambda: ready(api_server).status_code == 200, why="no store stays lost")
