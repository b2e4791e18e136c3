"""Mentions, quotes and retweets of a tweet, through HTTP."""

from __future__ import annotations

from functools import partial

import pytest

from tests.people import Person, ids, pages

pytestmark = pytest.mark.engines


def test_mentions_are_those_who_name_one_and_those_who_answer(
    alice: Person, bob: Person, carol: Person
) -> None:
    named = [bob.tweet(f"@{alice.username.upper()} {n}, @nobody_at_all") for n in range(6)]
    found = carol.get(f"/tweets/{named[0]}", tweet__fields="entities").json()["data"]
    (mention,) = found["entities"]["mentions"]  # nobody bears the other name
    assert mention["id"] == alice.id
    answer = carol.reply(named[0])  # to bob, who named alice
    quiet = carol.tweet(
        "only to you",
        reply={"in_reply_to_tweet_id": named[0], "exclude_reply_user_ids": [alice.id]},
    )
    read = partial(alice.get, f"/users/{alice.id}/mentions")
    expected, seen = [answer, *named[::-1]], []
    for page in pages(read, max_results=5):
        seen += ids(page)
        bob.tweet(f"@{alice.username} arriving")
    assert seen == expected
    assert ids(alice.get(f"/users/{bob.id}/mentions")) == [quiet, answer]
    assert ids(read(since_id=named[3], until_id=answer)) == [named[5], named[4]]
    bob.delete(named[5])
    assert ids(read(until_id=answer, max_results=5)) == named[4::-1]
    assert list(alice.get("/users/1/mentions").json()) == ["errors"]


def test_quotes_and_retweets_are_listed_beside_their_tweet(
    alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("worth it")
    quotes = [bob.tweet("look", quote_tweet_id=id), carol.tweet("look", quote_tweet_id=id)]
    answering = bob.tweet("look", quote_tweet_id=id, reply={"in_reply_to_tweet_id": id})
    assert ids(carol.get(f"/tweets/{id}/quote_tweets")) == [answering, *quotes[::-1]]
    assert ids(carol.get(f"/tweets/{id}/quote_tweets", exclude="replies")) == quotes[::-1]
    carol.delete(quotes[1])
    assert ids(carol.get(f"/tweets/{id}/quote_tweets", exclude="replies")) == quotes[:1]

    made = [person.retweet(id).json()["data"]["id"] for person in (bob, carol)]
    by = partial(alice.get, f"/tweets/{id}/retweeted_by")
    assert [u for page in pages(by, max_results=1) for u in ids(page)] == [carol.id, bob.id]
    assert ids(alice.get(f"/tweets/{made[0]}/retweeted_by")) == [carol.id, bob.id]
    assert ids(alice.get(f"/tweets/{id}/retweets")) == made[::-1]
    bob.unretweet(id)
    assert ids(by()) == [carol.id]
    for sort in ("retweeted_by", "retweets", "quote_tweets"):
        assert list(alice.get(f"/tweets/1/{sort}").json()) == ["errors"]
