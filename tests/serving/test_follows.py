"""Who follows whom, and who asks to, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.people import Person, ids, pages

pytestmark = pytest.mark.engines


def test_followers_and_following_come_in_pages_the_newest_account_first(
    alice: Person, new_person: Callable[[str], Person]
) -> None:
    fans = [new_person(f"fan{n}") for n in range(5)]
    for fan in fans:
        fan.follow(alice)
        alice.follow(fan)
    newest_first = [fan.id for fan in fans[::-1]]
    for sort in ("followers", "following"):
        read = partial(fans[0].get, f"/users/{alice.id}/{sort}")
        assert [id for page in pages(read, max_results=2) for id in ids(page)] == newest_first
    fans[2].unfollow(alice)
    first = alice.get(f"/users/{alice.id}/followers", max_results=2, user__fields="public_metrics")
    assert ids(first) == newest_first[:2]
    assert first.json()["data"][0]["public_metrics"]["followers_count"] >= 0
    token = first.json()["meta"]["next_token"]
    last = alice.get(f"/users/{alice.id}/followers", max_results=2, pagination_token=token)
    assert ids(last) == [fans[1].id, fans[0].id]
    back = last.json()["meta"]["previous_token"]
    assert ids(
        alice.get(f"/users/{alice.id}/followers", max_results=2, pagination_token=back)
    ) == ids(first)
    assert alice.get(f"/users/{alice.id}/following", pagination_token=token).status_code == 400
    assert alice.get(f"/users/{alice.id}/followers", max_results=1001).status_code == 400
    assert list(alice.get("/users/1/followers").json()) == ["errors"]


def test_a_protected_account_is_for_those_it_lets_in(
    alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("for friends")
    alice.protect()
    hidden = [f"/tweets/{id}", f"/users/{alice.id}/tweets", f"/users/{alice.id}/liked_tweets"]
    for path in (*hidden, f"/users/{alice.id}/following"):
        document = bob.get(path).json()
        assert [e["title"] for e in document["errors"]] == ["Authorization Error"]
        assert "data" not in document
    outside = bob.get(f"/users/{alice.id}", user__fields="description,protected").json()["data"]
    assert outside == {
        **{"id": alice.id, "username": alice.username, "name": "Alice"},
        **{"description": "", "protected": True},
    }

    assert bob.follow(alice).json()["data"] == {"following": False, "pending_follow": True}
    carol.follow(alice)
    status = bob.get(f"/users/{alice.id}", user__fields="connection_status").json()["data"]
    assert status["connection_status"] == ["follow_request_sent"]
    asked = alice.get(f"/users/{bob.id}", user__fields="connection_status").json()["data"]
    assert asked["connection_status"] == ["follow_request_received"]
    requests = f"/users/{alice.id}/follow_requests"
    assert ids(alice.get(requests)) == [carol.id, bob.id]
    assert bob.get(requests).status_code == 403

    assert alice.http.post(f"{requests}/{bob.id}").json() == {"data": {"accepted": True}}
    assert alice.http.delete(f"{requests}/{carol.id}").json() == {"data": {"accepted": False}}
    assert alice.http.post(f"{requests}/{carol.id}").status_code == 404  # nobody is made to follow
    assert "data" not in alice.get(requests).json()
    assert ids(bob.tweets_of(alice)) == [id]
    assert bob.get(f"/tweets/{id}").json()["data"]["id"] == id
    assert bob.follow(alice).json()["data"] == {"following": True, "pending_follow": False}
    inside = bob.get(f"/users/{alice.id}", user__fields="description,connection_status")
    assert inside.json()["data"]["description"] == "about me"
    assert inside.json()["data"]["connection_status"] == ["following"]
    alice.follow(bob)
    inside = bob.get(f"/users/{alice.id}", user__fields="connection_status")
    assert inside.json()["data"]["connection_status"] == ["following", "followed_by"]
    assert "data" not in carol.get(f"/tweets/{id}").json()

    bob.unfollow(alice)
    assert "data" not in bob.get(f"/tweets/{id}").json()


def test_a_request_can_be_taken_back(alice: Person, bob: Person) -> None:
    alice.protect()
    bob.follow(alice)
    assert bob.unfollow(alice).json() == {"data": {"following": False}}
    assert alice.http.post(f"/users/{alice.id}/follow_requests/{bob.id}").status_code == 404


def test_nobody_retweets_what_is_not_for_everybody(alice: Person, bob: Person) -> None:
    id = alice.tweet("for friends")
    bob.follow(alice)
    alice.protect()
    assert bob.like(id).status_code == 200
    assert bob.retweet(id).status_code == 403
    assert bob.retweet(bob.tweet()).status_code == 200
