"""Blocking and muting, through HTTP: who sees whom no longer, and from when on."""

from __future__ import annotations

import pytest
import redis

from settings import Settings
from tests.engines.waiting import until
from tests.people import Person, ids
from tests.serving.delivering import deliver
from views.rows import relations_key

pytestmark = pytest.mark.engines


def errors(person: Person, path: str, **query: str) -> list[str]:
    """How each of the `errors` of an answer without data is called."""
    document = person.get(path, **query).json()
    assert "data" not in document, document
    return [error["title"] for error in document["errors"]]


def test_the_blocked_see_nothing_of_the_blocker_from_the_very_next_read_on(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("not for bob")
    retweet = carol.retweet(id).json()["data"]["id"]
    quote = carol.tweet("look", quote_tweet_id=id)
    for other in (alice, carol):
        bob.follow(other)
    deliver(api_server, bob.id, [id, retweet, quote])
    assert ids(bob.home()) == [quote, id]
    answer = alice.block(bob)
    assert answer.json() == {"data": {"blocking": True}}
    assert len(answer.headers["x-log-position"].split(",")) == 3

    assert ids(bob.home()) == [quote]
    assert errors(bob, f"/tweets/{id}") == ["Authorization Error"]
    assert errors(bob, f"/tweets/{retweet}") == ["Authorization Error"]
    assert errors(bob, f"/users/{alice.id}") == ["Authorization Error"]
    assert errors(bob, f"/users/by/username/{alice.username}") == ["Authorization Error"]
    assert errors(bob, f"/users/{alice.id}/tweets") == ["Authorization Error"]
    assert errors(bob, f"/users/{alice.id}/followers") == ["Authorization Error"]
    assert errors(bob, f"/tweets/{id}/liking_users") == ["Authorization Error"]
    quoting = bob.get(f"/tweets/{quote}", expansions="referenced_tweets.id").json()
    assert "tweets" not in quoting.get("includes", {})
    assert quoting["errors"][0]["type"].endswith("not-authorized-for-resource")
    for refused in (
        bob.like(id),
        bob.retweet(id),
        bob.bookmark(id),
        bob.post("no", reply={"in_reply_to_tweet_id": id}),
        bob.post("no", quote_tweet_id=id),
        bob.follow(alice),
    ):
        assert refused.status_code == 403, refused.text

    assert alice.unblock(bob).json() == {"data": {"blocking": False}}
    assert ids(bob.home()) == [quote, retweet]  # the follow does not come back
    assert bob.like(id).status_code == 200


def test_the_blocker_sees_the_blocked_only_where_they_look_them_up(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    id = bob.tweet("hello alice")
    alice.follow(bob)
    deliver(api_server, alice.id, [id])
    alice.block(bob)
    assert ids(alice.home()) == []
    assert ids(alice.tweets_of(bob)) == []
    assert alice.get(f"/tweets/{id}").json()["data"]["id"] == id
    data = alice.get(f"/users/{bob.id}", user__fields="connection_status").json()["data"]
    assert data["connection_status"] == ["blocking"]
    assert [u["id"] for u in alice.get(f"/users/{alice.id}/blocking").json()["data"]] == [bob.id]
    alice.unblock(bob)
    assert alice.get(f"/users/{alice.id}/blocking").json() == {"meta": {"result_count": 0}}
    assert ids(alice.home()) == []  # the follow does not come back
    alice.follow(bob)
    until(lambda: ids(alice.home()) == [id])  # fan-out, where it runs, has taken it out meanwhile


def test_a_block_ends_follows_and_requests_in_both_directions(alice: Person, bob: Person) -> None:
    bob.follow(alice)
    alice.follow(bob)
    alice.block(bob)
    for person in (alice, bob):
        for sort in ("followers", "following"):
            assert "data" not in person.get(f"/users/{person.id}/{sort}").json()
    alice.unblock(bob)
    alice.protect()
    assert bob.follow(alice).json()["data"] == {"following": False, "pending_follow": True}
    alice.block(bob)
    assert "data" not in alice.get(f"/users/{alice.id}/follow_requests").json()


def test_the_muted_leave_the_home_and_nothing_else(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("hello")
    retweet = carol.retweet(id).json()["data"]["id"]
    for other in (alice, carol):
        bob.follow(other)
    deliver(api_server, bob.id, [id, retweet])
    assert bob.mute(alice).json() == {"data": {"muting": True}}
    assert ids(bob.home()) == []
    assert ids(bob.tweets_of(alice)) == [id]
    assert bob.get(f"/tweets/{id}").json()["data"]["id"] == id
    assert [u["id"] for u in bob.get(f"/users/{bob.id}/muting").json()["data"]] == [alice.id]
    assert bob.unmute(alice).json() == {"data": {"muting": False}}
    assert ids(bob.home()) == [id]


def test_what_redis_forgot_cassandra_says(api_server: Settings, alice: Person, bob: Person) -> None:
    id = alice.tweet("not for bob")
    alice.block(bob)
    client = redis.Redis(port=api_server.redis_port)
    for person in (alice, bob):
        client.delete(relations_key(int(person.id)))
        assert errors(bob, f"/tweets/{id}") == ["Authorization Error"]
    assert client.hexists(relations_key(int(bob.id)), "loaded")
    alice.unblock(bob)  # a row that is loaded says no more than the log has said since
    assert bob.get(f"/tweets/{id}").json()["data"]["id"] == id


@pytest.mark.parametrize("sort", ["blocking", "muting"])
def test_what_is_not_there_is_not_blocked_and_nobody_blocks_themselves(
    alice: Person, bob: Person, sort: str
) -> None:
    def act(target: str) -> int:
        path = f"/users/{alice.id}/{sort}"
        return alice.http.post(path, json={"target_user_id": target}).status_code

    assert (act("1"), act(alice.id), act("x")) == (404, 403, 400)
    assert bob.get(f"/users/{alice.id}/{sort}").status_code == 403
    for _ in range(2):
        assert alice.http.delete(f"/users/{alice.id}/{sort}/{bob.id}").status_code == 200
