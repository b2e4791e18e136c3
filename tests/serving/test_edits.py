"""Editing a tweet, through HTTP: versions, and what belongs to all of them."""

from __future__ import annotations

import pytest

from tests.people import Answer, Person, ids

pytestmark = pytest.mark.engines


def edit(person: Person, tweet_id: str, text: str) -> Answer:
    return person.post(text, edit_options={"previous_post_id": tweet_id})


def test_versions_know_each_other_and_the_newest_stands_in_timelines(
    alice: Person, bob: Person
) -> None:
    first = alice.tweet("one #a")
    second = edit(alice, first, "two #b")
    assert second.status_code == 201, second.text
    data = second.json()["data"]
    assert data["text"] == "two #b"
    assert data["edit_history_tweet_ids"] == [first, data["id"]]
    third = edit(alice, data["id"], f"three @{bob.username}").json()["data"]["id"]
    history = [first, data["id"], third]

    for id, text in zip(history, ("one #a", "two #b", f"three @{bob.username}"), strict=True):
        found = bob.get(
            f"/tweets/{id}",
            tweet__fields="edit_controls,conversation_id",
            expansions="edit_history_tweet_ids",
        ).json()
        assert found["data"]["text"] == text
        assert found["data"]["edit_history_tweet_ids"] == history
        assert found["data"]["conversation_id"] == first
        controls = found["data"]["edit_controls"]
        assert (controls["edits_remaining"], controls["is_edit_eligible"]) == (3, True)
        assert [t["id"] for t in found["includes"]["tweets"]] == history
    for timeline in (alice.tweets_of(alice), alice.home()):
        assert ids(timeline) == [third]
    assert ids(bob.get(f"/users/{bob.id}/mentions")) == [third]
    assert edit(alice, first, "four").status_code == 403  # of what was edited since
    assert edit(bob, third, "mine").status_code == 403


def test_what_is_done_to_a_version_is_done_to_the_tweet(alice: Person, bob: Person) -> None:
    first = alice.tweet("before")
    second = edit(alice, first, "after").json()["data"]["id"]
    retweet = bob.retweet(second).json()["data"]["id"]
    reply, quote = bob.reply(second), bob.tweet("look", quote_tweet_id=second)
    shown = bob.get(f"/tweets/{retweet}", tweet__fields="referenced_tweets").json()["data"]
    assert shown["text"] == f"RT @{alice.username}: after"
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": first}]
    both = bob.get("/tweets", ids=f"{reply},{quote}", tweet__fields="referenced_tweets").json()
    assert [t["referenced_tweets"][0]["id"] for t in both["data"]] == [first, first]
    assert ids(bob.get(f"/tweets/{second}/quote_tweets")) == [quote]
    bob.like(second)
    fields = {"tweet__fields": "public_metrics"}
    assert ids(bob.get(f"/users/{bob.id}/liked_tweets", **fields)) == [second]
    assert ids(alice.get(f"/tweets/{second}/liking_users")) == [bob.id]
    bob.unlike(second)
    assert ids(bob.get(f"/users/{bob.id}/liked_tweets")) == []
    assert bob.retweet(first).status_code == 403
    assert bob.unretweet(second).json() == {"data": {"retweeted": False}}
    assert ids(bob.tweets_of(bob)) == [quote, reply]


def test_deleting_a_version_deletes_the_tweet(alice: Person, bob: Person) -> None:
    first = alice.tweet("before")
    second = edit(alice, first, "after").json()["data"]["id"]
    third = edit(alice, second, "after that").json()["data"]["id"]
    assert alice.delete(second).json() == {"data": {"deleted": True}}
    found = bob.get("/tweets", ids=f"{first},{second},{third}").json()
    assert len(found["errors"]) == 3
    assert ids(alice.tweets_of(alice)) == []
