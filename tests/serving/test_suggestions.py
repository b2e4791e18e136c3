"""Whom does the API suggest, of what batch ranked and of the graph, and whom never?"""

from __future__ import annotations

import pytest
from cassandra.cluster import Cluster, Session

from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.people import Answer, NewPerson, Person, ids, pages
from tests.serving.test_acquaintance import friends, graph, in_graph
from views.tables import KEYSPACE

pytestmark = pytest.mark.engines

__all__ = ["graph"]
GENERATION = 7


@pytest.fixture(scope="module")
def cassandra(api_server: Settings) -> Session:
    with Cluster([api_server.host], port=api_server.cassandra_port) as cluster:
        session = cluster.connect(KEYSPACE)
        pointer = "INSERT INTO pointers (view_name, through) VALUES ('who_to_follow', %s)"
        session.execute(pointer, (GENERATION,))
        yield session
        session.execute("DELETE FROM pointers WHERE view_name = 'who_to_follow'")


def rank(
    session: Session,
    reader: Person,
    *rows: tuple[str, str, list[str]],
    generation: int = GENERATION,
    tags: tuple[str, ...] = (),
) -> None:
    """Has these suggested, `(candidate, reason, followed_by)`, as the nightly run writes them;
    `tags` are those of whoever talks about any."""
    for at, (candidate, reason, followed_by) in enumerate(rows, start=1):
        session.execute(
            "INSERT INTO who_to_follow (generation, user_id, rank, candidate_id, score, reason, "
            "followed_by, tags) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                generation,
                int(reader.id),
                at,
                int(candidate),
                1 / at,
                reason,
                [*map(int, followed_by)],
                [*tags] if reason == "talks_about" else [],
            ),
        )


def suggested(reader: Person, **query: int) -> Answer:
    return friends(reader, "suggestions", **query)


def dismiss(reader: Person, target: str) -> Answer:
    return reader.http.delete(f"/users/{reader.id}/suggestions/{target}")


def test_what_was_ranked_comes_first_with_its_reason_then_friends_of_friends(
    graph: Settings, cassandra: Session, new_person: NewPerson, alice: Person, bob: Person
) -> None:
    known, popular, fan, old = (new_person(name) for name in ("known", "popular", "fan", "old"))
    follows = [alice.follow(bob), *(bob.follow(other) for other in (known, fan))]
    in_graph(graph, *follows)
    rank(
        cassandra,
        alice,
        (popular.id, "popular", []),
        (known.id, "followed_by", [bob.id, old.id]),
    )
    rank(cassandra, alice, (old.id, "popular", []), generation=GENERATION - 1)

    first, second, third = (user for user in suggested(alice).json()["data"])
    assert first["id"] == popular.id
    assert first["reason"] == {"kind": "popular"}
    assert "connections_count" not in first
    assert second["id"] == known.id
    assert second["reason"] == {"kind": "followed_by", "user_ids": [bob.id]}, "whom one follows"
    assert second["connections_count"] == 1
    assert third["id"] == fan.id
    assert third["reason"] == {"kind": "followed_by"}
    one_by_one = pages(lambda **more: suggested(alice, max_results=1, **more))
    assert [id for page in one_by_one for id in ids(page)] == [popular.id, known.id, fan.id]


def test_nobody_is_suggested_whom_one_follows_keeps_away_or_dismissed(
    graph: Settings, cassandra: Session, new_person: NewPerson, alice: Person, bob: Person
) -> None:
    names = ("followed", "asked", "blocked", "blocker", "muted", "dismissed", "left")
    people = {name: new_person(name) for name in names}
    people["asked"].protect()
    candidates = [person.id for person in people.values()]
    gone = str(int(people["left"].id) + 1)
    rank(cassandra, alice, *((id, "popular", []) for id in [alice.id, gone, *candidates]))
    # The graph knows them too, and its answer is kept.
    in_graph(graph, alice.follow(bob), bob.follow(people["dismissed"]), bob.follow(people["muted"]))
    assert ids(suggested(alice)) == candidates

    assert alice.follow(people["followed"]).status_code == 200
    assert alice.follow(people["asked"]).json()["data"]["pending_follow"]
    alice.block(people["blocked"])
    people["blocker"].block(alice)
    alice.mute(people["muted"])
    for _ in range(2):
        assert dismiss(alice, people["dismissed"].id).json() == {"data": {"dismissed": True}}
    assert ids(suggested(alice)) == [people["left"].id]
    assert ids(suggested(alice, max_results=1)) == [people["left"].id]

    unknown = dismiss(alice, gone)
    assert unknown.status_code == 404
    assert unknown.json()["title"]
    assert dismiss(alice, alice.id).status_code == 403
    assert bob.http.delete(f"/users/{alice.id}/suggestions/{bob.id}").status_code == 403


def test_tags_are_a_reason_as_long_as_everybody_may_read_them(
    cassandra: Session, new_person: NewPerson, alice: Person, bob: Person
) -> None:
    rank(cassandra, alice, (bob.id, "talks_about", []), tags=("cats", "dogs"))
    reason = {"kind": "talks_about", "tags": ["cats", "dogs"]}
    assert [user["reason"] for user in suggested(alice).json()["data"]] == [reason]
    bob.protect()
    del reason["tags"]
    assert [user["reason"] for user in suggested(alice).json()["data"]] == [reason]


def test_while_the_graph_is_away_what_was_ranked_answers_alone(
    graph: Settings, cassandra: Session, alice: Person, bob: Person, carol: Person
) -> None:
    rank(cassandra, alice, (carol.id, "follows_you", []))
    with frozen(graph.neo4j_port):
        answer = suggested(alice)
        assert ids(answer) == [carol.id]
        assert answer.headers["x-stale"] == "graph"
        assert suggested(bob).status_code == 503, "nothing was ranked for him"
    until(lambda: suggested(bob).status_code == 200)
