"""Posting, deleting and looking up tweets, through HTTP."""

from __future__ import annotations

import re

import pytest

from tests.people import Person, ids

pytestmark = pytest.mark.engines


def test_a_tweet_is_created_with_its_place_in_the_log(alice: Person) -> None:
    answer = alice.post("hello #world")
    assert answer.status_code == 201
    assert answer.headers["content-type"].startswith("application/json")
    assert re.fullmatch(r"tweets/\d+/\d+", answer.headers["x-log-position"])
    data = answer.json()["data"]
    assert data == {
        "id": data["id"],
        "text": "hello #world",
        "edit_history_tweet_ids": [data["id"]],
    }


def test_a_writer_sees_their_own_tweet_at_once(alice: Person, bob: Person) -> None:
    id = alice.tweet("now")
    assert alice.get(f"/tweets/{id}").json()["data"]["text"] == "now"
    assert ids(alice.tweets_of(alice)) == [id]
    assert ids(alice.home()) == [id]
    assert ids(bob.tweets_of(alice)) == [id]


def test_a_reply_and_a_quote_refer_to_what_they_are_about(alice: Person, bob: Person) -> None:
    id = alice.tweet("first")
    reply = bob.reply(id)
    reply_to_reply = alice.reply(reply)
    quote = bob.tweet("look", quote_tweet_id=id)
    fields = "conversation_id,in_reply_to_user_id,referenced_tweets,author_id"
    found = bob.get("/tweets", ids=f"{reply},{reply_to_reply},{quote}", tweet__fields=fields)
    first, second, third = found.json()["data"]
    assert first["conversation_id"] == second["conversation_id"] == id
    assert first["in_reply_to_user_id"] == alice.id
    assert first["referenced_tweets"] == [{"type": "replied_to", "id": id}]
    assert third["referenced_tweets"] == [{"type": "quoted", "id": id}]
    assert third["conversation_id"] == quote


def test_expansions_bring_authors_and_referenced_tweets(alice: Person, bob: Person) -> None:
    id = alice.tweet("first")
    quote = bob.tweet(f"look @{alice.username}", quote_tweet_id=id)
    answer = bob.get(
        f"/tweets/{quote}",
        expansions="author_id,referenced_tweets.id,referenced_tweets.id.author_id,"
        "entities.mentions.username",
        user__fields="created_at,public_metrics",
    ).json()
    assert [t["id"] for t in answer["includes"]["tweets"]] == [id]
    users = {u["id"]: u for u in answer["includes"]["users"]}
    assert set(users) == {alice.id, bob.id}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", users[bob.id]["created_at"])
    assert users[bob.id]["public_metrics"]["followers_count"] == 0


def test_what_is_missing_is_named_beside_what_is_there(alice: Person) -> None:
    id = alice.tweet()
    answer = alice.get("/tweets", ids=f"{id},1")
    assert answer.status_code == 200
    assert ids(answer) == [id]
    (error,) = answer.json()["errors"]
    assert error["value"] == error["resource_id"] == "1"
    assert error["resource_type"] == "tweet"
    assert error["parameter"] == "ids"
    assert error["type"].endswith("resource-not-found")
    assert {"detail", "title"} <= error.keys()


def test_a_deleted_tweet_is_gone_everywhere(alice: Person, bob: Person) -> None:
    id, other = alice.tweet("going"), alice.tweet("staying")
    quote = bob.tweet("look", quote_tweet_id=id)
    retweet = bob.retweet(id).json()["data"]["id"]
    assert alice.delete(id).json() == {"data": {"deleted": True}}
    answer = alice.get(f"/tweets/{id}")
    assert answer.status_code == 200
    assert list(answer.json()) == ["errors"]
    assert ids(alice.tweets_of(alice)) == ids(alice.home()) == [other]
    assert ids(bob.tweets_of(bob)) == [quote]
    assert list(bob.get(f"/tweets/{retweet}").json()) == ["errors"]
    quoting = bob.get(f"/tweets/{quote}", expansions="referenced_tweets.id").json()
    assert quoting["errors"][0]["section"] == "includes"
    assert bob.like(id).status_code == 404
    assert bob.post("late", reply={"in_reply_to_tweet_id": id}).status_code == 403
    assert alice.delete(id).status_code == 404


def test_nobody_deletes_what_is_somebody_elses(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    answer = bob.delete(id)
    assert answer.status_code == 403
    assert answer.json()["title"] == "Forbidden"
    assert ids(bob.tweets_of(alice)) == [id]
