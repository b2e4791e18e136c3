"""Whom does the API say one might know, and what when the graph is away?"""

from __future__ import annotations

from typing import Any

import psutil
import pytest
from redis import Redis

from cli import readiness
from ingest.positions import Position, applied_key
from realtime.graph_store import GraphStore
from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.people import Answer, NewPerson, Person, ids, pages
from tests.realtime.test_graph import pid
from tests.serving.test_health import ready
from views.follow_graph import JOB, stamp_key
from views.registry import JOB_TOPICS

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module", autouse=True)
def graph(graph_server: Settings, new_person: NewPerson) -> Settings:
    """The API, and the follow graph beside it, which has been asked before."""
    dave = new_person("dave")
    until(lambda: friends(dave).status_code == 200)
    return graph_server


def in_graph(settings: Settings, *writes: Answer) -> None:
    """Waits until the graph has these writes; nothing else of the speed layer runs here."""
    with Redis.from_url(settings.redis_url) as redis:
        for write in writes:
            at = Position.parse(write.headers["x-log-position"])
            place = f"{at.topic}/{at.partition}"
            until(lambda: int(redis.hget(applied_key(JOB), place) or -1) >= at.offset)  # noqa: B023


def everybody_else_has(redis: Redis, write: Answer) -> None:
    """What the jobs that do not run here would say of this write."""
    at = Position.parse(write.headers["x-log-position"])
    place = f"{at.topic}/{at.partition}"
    for job in JOB_TOPICS:
        if int(redis.hget(applied_key(job), place) or -1) < at.offset:
            redis.hset(applied_key(job), place, at.offset)


def friends(person: Person, what: str = "friends_of_friends", **query: Any) -> Answer:
    return person.get(f"/users/{person.id}/{what}", **query)


def counted(answer: Answer) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {user["id"]: user["connections_count"] for user in answer.json().get("data", [])}


def test_mutuals_follow_each_other(
    graph: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    in_graph(graph, alice.follow(bob), alice.follow(carol), bob.follow(alice))
    for person in (alice, carol):
        assert ids(person.get(f"/users/{alice.id}/mutuals")) == [bob.id]
    in_graph(graph, carol.follow(alice))
    assert ids(bob.get(f"/users/{alice.id}/mutuals")) == [carol.id, bob.id]
    first, second = pages(
        lambda **more: bob.get(f"/users/{alice.id}/mutuals", max_results=1, **more)
    )
    assert ids(first) + ids(second) == [carol.id, bob.id]
    in_graph(graph, alice.unfollow(bob))
    assert ids(bob.get(f"/users/{alice.id}/mutuals")) == [carol.id]


def test_whom_both_follow(graph: Settings, alice: Person, bob: Person, carol: Person) -> None:
    def both(reader: Person, other: Person) -> list[str]:
        return ids(reader.get(f"/users/{other.id}/mutuals", kind="followed_by_both"))

    in_graph(graph, alice.follow(carol))
    assert both(alice, bob) == []
    in_graph(graph, bob.follow(carol))
    assert both(alice, bob) == both(bob, alice) == [carol.id]
    in_graph(graph, alice.unfollow(carol))
    assert both(alice, bob) == []


def test_friends_of_friends_come_with_how_many_know_them(
    graph: Settings, new_person: NewPerson, alice: Person, bob: Person, carol: Person
) -> None:
    dave, erin, frank = (new_person(name) for name in ("dave", "erin", "frank"))
    in_graph(
        graph,
        *(alice.follow(bob), alice.follow(carol), bob.follow(carol), bob.follow(alice)),
        *(bob.follow(dave), carol.follow(dave), carol.follow(erin), bob.follow(frank)),
    )
    expected = {dave.id: 2, frank.id: 1, erin.id: 1}
    for what in ("friends_of_friends", "suggestions"):
        assert counted(friends(alice, what)) == expected
        found = list(pages(lambda what=what, **more: friends(alice, what, max_results=1, **more)))
        assert [id for page in found for id in ids(page)] == list(expected)

    # What one does holds on the next read, before the graph has it.
    alice.block(erin)
    alice.mute(frank)
    assert list(counted(friends(alice))) == [dave.id]
    alice.follow(dave)
    assert counted(friends(alice)) == {}
    assert friends(bob, what="friends_of_friends").status_code == 200
    assert bob.get(f"/users/{alice.id}/friends_of_friends").status_code == 403


def test_protected_accounts_are_respected(
    graph: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    in_graph(graph, alice.follow(bob), bob.follow(alice), bob.follow(carol))
    carol.protect()
    (shown,) = friends(alice, user__fields="description").json()["data"]
    assert shown["id"] == carol.id
    assert not shown.get("description")
    assert alice.follow(carol).json()["data"]["pending_follow"]
    assert list(counted(friends(alice))) == [carol.id]
    assert counted(friends(alice, "suggestions")) == {}

    bob.protect()
    refused = carol.get(f"/users/{bob.id}/mutuals").json()
    assert refused["errors"][0]["type"].endswith("not-authorized-for-resource")
    assert ids(alice.get(f"/users/{bob.id}/mutuals")) == [alice.id]


def test_while_the_graph_hangs_what_was_known_is_stale_and_nothing_else_notices(
    graph: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    write = alice.follow(bob)
    in_graph(graph, write, bob.follow(carol))
    assert list(counted(friends(alice))) == [carol.id]
    with Redis.from_url(graph.redis_url) as redis, frozen(graph.neo4j_port):
        assert "x-stale" not in friends(alice).headers  # it is no older than before
        redis.set(stamp_key(int(alice.id)), "changed meanwhile")
        known = friends(alice)
        assert list(counted(known)) == [carol.id]
        assert known.headers["x-stale"] == "graph"
        everybody_else_has(redis, write)
        seen = friends(alice, after=write)
        assert seen.status_code == 503  # what is stale may not show the write
        assert "neo4j" in seen.json()["detail"]
        unknown = friends(bob)
        assert unknown.status_code == 503
        assert int(unknown.headers["retry-after"]) > 0
        assert unknown.json()["title"] == "Service Unavailable"
        assert ids(alice.get(f"/users/{alice.id}/following")) == [bob.id]
        assert alice.follow(carol).status_code == 200
        assert ready(graph).status_code == 200, "all but the graph works"
        said = readiness.asked(graph)
        assert said["status"] == "degraded"
        assert {name for name, check in said["checks"].items() if not check["ok"]} == {"neo4j"}
        assert "the API is degraded; neo4j: " in readiness.line(said)
    until(lambda: friends(bob).status_code == 200)
    until(lambda: "x-stale" not in friends(alice).headers)


def test_a_graph_that_is_not_whole_is_not_asked(
    graph: Settings, alice: Person, bob: Person
) -> None:
    in_graph(graph, alice.follow(bob), bob.follow(alice))
    store, writer = GraphStore(graph), psutil.Process(pid(graph, "graph"))
    writer.suspend()
    try:
        store.ask_to_wipe()
        assert friends(alice).status_code == 503
    finally:
        writer.resume()
        store.close()
    until(lambda: friends(alice).status_code == 200)
    assert ids(alice.get(f"/users/{alice.id}/mutuals")) == [bob.id]
