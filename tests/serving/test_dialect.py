"""Is a client that says posts answered in its own words?"""

from __future__ import annotations

import pytest

from tests.people import Person

pytestmark = pytest.mark.engines
FIELDS = "referenced_posts,public_metrics,edit_history_post_ids"


def test_post_fields_are_answered_with_posts(alice: Person, bob: Person) -> None:
    parent = alice.tweet("a parent")
    reply = bob.reply(parent)
    asked = {"post.fields": FIELDS, "expansions": "referenced_posts.id"}
    answer = bob.http.get(f"/tweets/{reply}", params=asked).json()
    assert answer["data"]["referenced_posts"] == [{"type": "replied_to", "id": parent}]
    assert answer["data"]["edit_history_post_ids"] == [reply]
    assert [post["id"] for post in answer["includes"]["posts"]] == [parent]
    assert not {"referenced_tweets", "edit_history_tweet_ids"} & answer["data"].keys()


def test_tweet_fields_are_answered_with_tweets(alice: Person, bob: Person) -> None:
    parent = alice.tweet("a parent")
    reply = bob.reply(parent)
    asked = {"tweet.fields": "referenced_tweets", "expansions": "referenced_tweets.id"}
    answer = bob.http.get(f"/tweets/{reply}", params=asked).json()
    assert answer["data"]["referenced_tweets"] == [{"type": "replied_to", "id": parent}]
    assert [tweet["id"] for tweet in answer["includes"]["tweets"]] == [parent]


def test_counts_bear_both_names_in_either_dialect(alice: Person) -> None:
    id = alice.tweet("a tweet")
    for name in ("tweet.fields", "post.fields"):
        params = {name: "public_metrics"}
        metrics = alice.http.get(f"/tweets/{id}", params=params).json()["data"]["public_metrics"]
        assert metrics["retweet_count"] == metrics["repost_count"] == 0
    me = alice.http.get("/users/me", params={"user.fields": "public_metrics"}).json()["data"]
    assert me["public_metrics"]["tweet_count"] == me["public_metrics"]["post_count"]


def test_a_parameter_nobody_knows_is_refused_by_its_name(alice: Person) -> None:
    answer = alice.http.get("/users/me", params={"user.field": "name"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameters"] == {"user.field": ["name"]}
