"""Retweeting, through HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import Person, ids

pytestmark = pytest.mark.engines


def test_a_retweet_shows_its_source_in_the_retweeters_timeline(alice: Person, bob: Person) -> None:
    id = alice.tweet("worth it")
    answer = bob.retweet(id)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["retweeted"] is True
    assert data["id"] == data["rest_id"]
    (shown,) = bob.tweets_of(bob, tweet__fields="referenced_tweets").json()["data"]
    assert shown["text"] == f"RT @{alice.username}: worth it"
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": id}]


def test_a_second_retweet_is_refused(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    first = bob.retweet(id).json()["data"]["id"]
    assert bob.retweet(id).status_code == 403
    assert bob.retweet(first).status_code == 403  # by the retweet's own id it is the same tweet
    assert len(ids(bob.tweets_of(bob))) == 1


def test_of_many_retweets_at_once_one_is_taken(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    with ThreadPoolExecutor(8) as pool:
        statuses = [a.status_code for a in pool.map(lambda _: bob.retweet(id), range(8))]
    assert sorted(statuses) == [200] + [403] * 7


def test_a_retweet_can_be_taken_back_and_made_again(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    bob.retweet(id)
    answer = bob.unretweet(id)
    assert answer.json() == {"data": {"retweeted": False}}
    assert ids(bob.tweets_of(bob)) == []
    again = bob.unretweet(id)
    assert again.status_code == 200
    assert "x-log-position" not in again.headers  # nothing happened
    assert bob.retweet(id).status_code == 200


def test_deleting_a_retweet_is_taking_it_back(alice: Person, bob: Person) -> None:
    id = alice.tweet()
    retweet = bob.retweet(id).json()["data"]["id"]
    assert bob.delete(retweet).json() == {"data": {"deleted": True}}
    assert ids(bob.tweets_of(bob)) == []
    assert ids(bob.tweets_of(alice)) == [id]
    assert bob.retweet(id).status_code == 200
