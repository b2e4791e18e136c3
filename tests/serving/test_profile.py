"""Changing one's profile, through HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import Person

pytestmark = pytest.mark.engines
FIELDS = "description,location,url,protected,pinned_tweet_id,created_at"


def test_what_is_said_changes_and_the_rest_stays(alice: Person, bob: Person) -> None:
    before = alice.get("/users/me", user__fields=FIELDS).json()["data"]
    tweet = alice.tweet("the one to see first")
    first = {
        "name": "山田\u3000太郎 👩\u200d🚀",
        "description": "two\nlines",
        "location": "Köln",
        "url": "https://example.org/alice",
        "pinned_tweet_id": tweet,
    }
    answer = alice.http.patch("/users/me", json=first)
    assert answer.status_code == 200
    assert answer.headers["x-log-position"].startswith("accounts/")
    assert answer.json()["data"] == {
        "id": alice.id,
        "username": alice.username,
        "protected": False,
        **first,
    }
    seen = bob.get(f"/users/{alice.id}", user__fields=FIELDS).json()["data"]
    assert seen == before | first
    alice.http.patch("/users/me", json={"protected": True, "url": "", "pinned_tweet_id": None})
    mine = alice.get("/users/me", user__fields=FIELDS).json()["data"]
    expected = before | first | {"protected": True}
    assert mine == {k: v for k, v in expected.items() if k not in ("url", "pinned_tweet_id")}


def test_changes_at_once_are_all_kept(alice: Person) -> None:
    changes = [{"name": "New"}, {"location": "Here"}, {"description": "Hello"}, {"protected": True}]
    with ThreadPoolExecutor(4) as pool:
        statuses = list(
            pool.map(lambda c: alice.http.patch("/users/me", json=c).status_code, changes)
        )
    assert statuses == [200] * 4
    seen = alice.get("/users/me", user__fields=FIELDS).json()["data"]
    assert all(seen[name] == value for change in changes for name, value in change.items())


def test_what_is_no_profile_is_refused(alice: Person, bob: Person) -> None:
    for change in (
        {"name": ""},
        {"name": " "},
        {"name": "x" * 51},
        {"name": "a\u0000b"},
        {"name": "a\n"},
        {"name": "\u3000\u200d"},
        {"name": "no\u202ebody"},
        {"description": "x" * 161},
        {"location": "x" * 31},
        {"url": "javascript:alert(1)"},
        {"url": "https://example.org/\n"},
        {"protected": "yes"},
        {"pinned_tweet_id": bob.tweet("not hers")},
        {"pinned_tweet_id": "1"},
        {"pinned_tweet_id": "x"},
        {"verified": True},
    ):
        assert alice.http.patch("/users/me", json=change).status_code == 400, change
    assert alice.get("/users/me").json()["data"]["name"] == "Alice"
