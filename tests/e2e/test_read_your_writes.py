"""Does a read that names a log position see that write everywhere?"""

from __future__ import annotations

import pytest

from tests.engines.waiting import until
from tests.people import Answer, Person, ids

pytestmark = pytest.mark.e2e


def after(person: Person, path: str, write: Answer, **query: str) -> Answer:
    """The answer to a read that waits for the write; a 503 says "not yet", and is asked again."""
    answers: list[Answer] = []

    def read() -> bool:
        answers.append(person.get(path, after=write, **query))
        assert answers[-1].status_code in (200, 503), answers[-1].text
        return answers[-1].status_code == 200

    until(read, seconds=60, why=f"{write.headers['x-log-position']} was never applied")
    return answers[-1]


def home(person: Person, write: Answer, **query: str) -> Answer:
    return after(person, f"/users/{person.id}/timelines/reverse_chronological", write, **query)


def metrics(person: Person, tweet_id: str, write: Answer) -> dict[str, int]:
    answer = after(person, f"/tweets/{tweet_id}", write, tweet__fields="public_metrics")
    found: dict[str, int] = answer.json()["data"]["public_metrics"]
    return found


def profile(person: Person, of: Person, write: Answer) -> dict[str, int]:
    answer = after(person, f"/users/{of.id}", write, user__fields="public_metrics")
    found: dict[str, int] = answer.json()["data"]["public_metrics"]
    return found


def test_a_follower_sees_a_tweet_and_its_deletion(alice: Person, bob: Person) -> None:
    before = alice.tweet("from before the follow")
    home(bob, bob.follow(alice))
    posted = alice.post("to my followers")
    id = posted.json()["data"]["id"]
    assert ids(home(bob, posted)) == [id, before]
    assert ids(home(bob, alice.delete(id))) == [before]
    assert ids(home(bob, bob.unfollow(alice))) == []


def test_counts_are_those_of_the_edges_not_of_the_clicks(
    alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("count me")
    for fan in (bob, carol):
        for _ in range(3):
            last = fan.like(id)
    assert metrics(bob, id, last)["like_count"] == 2
    bob.unlike(id)
    assert metrics(bob, id, bob.unlike(id))["like_count"] == 1

    retweet = bob.retweet(id)
    assert metrics(bob, id, retweet)["retweet_count"] == 1
    assert metrics(bob, id, bob.unretweet(id))["retweet_count"] == 0

    reply = carol.post("a reply", reply={"in_reply_to_tweet_id": id})
    quote = carol.post("a quote", quote_tweet_id=id)
    assert metrics(bob, id, reply)["reply_count"] == 1
    assert metrics(bob, id, quote)["quote_count"] == 1
    gone = carol.delete(reply.json()["data"]["id"])
    assert metrics(bob, id, gone)["reply_count"] == 0


def test_follows_and_tweets_are_counted_on_both_sides(alice: Person, bob: Person) -> None:
    bob.follow(alice)
    followed = bob.follow(alice)
    assert profile(bob, alice, followed)["followers_count"] == 1
    assert profile(bob, bob, followed)["following_count"] == 1
    alice.tweet()
    assert profile(bob, alice, alice.post("two"))["tweet_count"] == 2
    assert profile(bob, alice, bob.unfollow(alice))["followers_count"] == 0


def test_a_retweet_comes_to_those_who_follow_the_retweeter(
    alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.tweet("worth spreading")
    home(carol, carol.follow(bob))
    retweeted = bob.retweet(id)
    (shown,) = home(carol, retweeted, tweet__fields="referenced_tweets").json()["data"]
    assert shown["text"] == f"RT @{alice.username}: worth spreading"
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": id}]
    assert ids(home(carol, bob.unretweet(id))) == []


def test_a_list_shows_what_its_members_tweet_and_counts_them(
    alice: Person, bob: Person, carol: Person
) -> None:
    before = bob.tweet("from before the list")
    id = alice.make_list()
    added = alice.add_to(id, bob)
    assert ids(after(carol, f"/lists/{id}/tweets", added)) == [before]
    posted = bob.post("to all lists")
    shown = ids(after(carol, f"/lists/{id}/tweets", posted))
    assert shown == [posted.json()["data"]["id"], before]
    counted = after(carol, f"/lists/{id}", added, list__fields="member_count").json()
    assert counted["data"]["member_count"] == 1
    assert profile(carol, bob, added)["listed_count"] == 1
    alice.http.put(f"/lists/{id}", json={"private": True})
    gone = alice.http.delete(f"/lists/{id}/members/{bob.id}")
    assert ids(after(alice, f"/lists/{id}/tweets", gone)) == []
    assert profile(carol, bob, gone)["listed_count"] == 0


def test_a_block_takes_the_tweets_out_of_the_followers_home(alice: Person, bob: Person) -> None:
    home(bob, bob.follow(alice))
    posted = alice.post("to my followers")
    assert ids(home(bob, posted)) == [posted.json()["data"]["id"]]
    blocked = alice.block(bob)
    assert ids(home(bob, blocked)) == []
    assert profile(alice, alice, blocked)["followers_count"] == 0
    assert ids(home(bob, alice.unblock(bob))) == []  # the follow does not come back


def test_a_follow_and_its_end_are_in_the_graph(alice: Person, bob: Person, carol: Person) -> None:
    def mutuals(write: Answer) -> list[str]:
        return ids(after(carol, f"/users/{alice.id}/mutuals", write))

    def suggested(write: Answer) -> list[str]:
        return ids(after(alice, f"/users/{alice.id}/suggestions", write))

    alice.follow(bob)
    assert mutuals(bob.follow(alice)) == [bob.id]
    assert suggested(bob.follow(carol)) == [carol.id]
    assert suggested(alice.follow(carol)) == []
    assert mutuals(alice.unfollow(bob)) == []


def test_a_position_that_is_not_there_yet_is_a_503_within_seconds(alice: Person) -> None:
    answer = alice.http.get("/users/me", headers={"x-read-after": "tweets/0/999999999"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "tweets/0/999999999" in answer.json()["detail"]
