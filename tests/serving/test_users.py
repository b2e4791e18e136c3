"""Looking up users, through HTTP."""

from __future__ import annotations

import pytest

from tests.people import Person

pytestmark = pytest.mark.engines


def test_me_is_the_one_who_asks(alice: Person) -> None:
    assert alice.get("/users/me").json() == {
        "data": {"id": alice.id, "name": "Alice", "username": alice.username}
    }


def test_a_user_is_found_by_id_and_by_name_in_any_case(alice: Person, bob: Person) -> None:
    for path in (f"/users/{alice.id}", f"/users/by/username/{alice.username.upper()}"):
        answer = bob.get(path, user__fields="public_metrics,created_at,verified,description")
        data = answer.json()["data"]
        assert data["id"] == alice.id
        assert data["verified"] is False
        assert data["description"] == ""
        assert data["public_metrics"]["tweet_count"] == data["public_metrics"]["post_count"] == 0


def test_many_are_found_at_once_and_the_missing_named(alice: Person, bob: Person) -> None:
    by_id = bob.get("/users", ids=f"{alice.id},1,{bob.id}").json()
    assert [u["id"] for u in by_id["data"]] == [alice.id, bob.id]
    assert by_id["errors"][0]["value"] == "1"
    by_name = bob.get("/users/by", usernames=f"{alice.username},nobody_at_all").json()
    assert [u["id"] for u in by_name["data"]] == [alice.id]
    assert by_name["errors"][0]["resource_type"] == "user"


@pytest.mark.parametrize(
    "path", ["/users/1", "/users/by/username/nobody_at_all", "/users/1/tweets"]
)
def test_a_user_who_is_not_there_is_an_error_with_200(alice: Person, path: str) -> None:
    answer = alice.get(path)
    assert answer.status_code == 200
    assert list(answer.json()) == ["errors"]


def test_a_pinned_tweet_comes_with_its_user(alice: Person, bob: Person) -> None:
    pinned = alice.tweet("on top")
    alice.update(pinned_tweet_id=int(pinned))
    alice.follow(bob)
    for path in (f"/users/{alice.id}", f"/users/{bob.id}/followers"):
        found = bob.get(path, expansions="pinned_tweet_id", tweet__fields="author_id").json()
        one = found["data"] if isinstance(found["data"], dict) else found["data"][0]
        assert one["pinned_tweet_id"] == pinned
        (tweet,) = found["includes"]["tweets"]
        assert (tweet["id"], tweet["author_id"]) == (pinned, alice.id)
    alice.delete(pinned)
    gone = bob.get(f"/users/{alice.id}", expansions="pinned_tweet_id").json()
    assert gone["errors"][0]["parameter"] == "pinned_tweet_id"
    assert "includes" not in gone
