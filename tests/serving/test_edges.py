"""Liking and following, through HTTP."""

from __future__ import annotations

import pytest

from tests.people import Person

pytestmark = pytest.mark.engines


def test_liking_twice_is_as_liking_once(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    for _ in range(2):
        answer = bob.like(id)
        assert answer.status_code == 200
        assert answer.json() == {"data": {"liked": True}}
        assert answer.headers["x-log-position"].startswith("likes/")
    for _ in range(2):
        assert bob.unlike(id).json() == {"data": {"liked": False}}


def test_following_twice_is_as_following_once(alice: Person, bob: Person) -> None:
    for _ in range(2):
        answer = bob.follow(alice)
        assert answer.status_code == 200
        assert answer.json() == {"data": {"following": True, "pending_follow": False}}
    for _ in range(2):
        assert bob.unfollow(alice).json() == {"data": {"following": False}}


def test_what_is_not_there_cannot_be_liked_or_followed(alice: Person, bob: Person) -> None:
    for answer in (
        bob.like("1"),
        bob.retweet("1"),
        bob.http.post(f"/users/{bob.id}/following", json={"target_user_id": "1"}),
    ):
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("resource-not-found")


def test_nobody_acts_as_somebody_else(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    for answer in (
        bob.http.post(f"/users/{alice.id}/likes", json={"tweet_id": id}),
        bob.http.delete(f"/users/{alice.id}/likes/{id}"),
        bob.http.post(f"/users/{alice.id}/retweets", json={"tweet_id": id}),
        bob.http.delete(f"/users/{alice.id}/retweets/{id}"),
        bob.http.post(f"/users/{alice.id}/following", json={"target_user_id": bob.id}),
        bob.http.delete(f"/users/{alice.id}/following/{bob.id}"),
        bob.get(f"/users/{alice.id}/timelines/reverse_chronological"),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "about:blank"


def test_nobody_follows_themselves(alice: Person) -> None:
    assert alice.follow(alice).status_code == 403
