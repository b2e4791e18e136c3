"""Pages of timelines, through HTTP. What fan-out would push is pushed by hand here."""

from __future__ import annotations

import pytest
import redis

from settings import Settings
from tests.people import Answer, Person, ids, pages
from tests.serving.delivering import deliver, forget
from views import timelines

pytestmark = pytest.mark.engines


def test_pages_of_home_cover_it_once_while_tweets_arrive(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    old = [alice.tweet(f"old {n}") for n in range(12)] + [bob.tweet("bob's own")]
    deliver(api_server, bob.id, [*old[:12], *old[3:5]])  # some come twice
    seen: list[str] = []
    for page in pages(bob.home, max_results=5):
        seen += ids(page)
        deliver(api_server, bob.id, [alice.tweet("arriving")])
    assert seen == old[::-1]


def test_what_is_deleted_is_replaced_on_its_page(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    tweets = [alice.tweet(str(n)) for n in range(9)]
    deliver(api_server, bob.id, tweets)
    for id in tweets[2:7]:
        alice.delete(id)
    first, second = pages(bob.home, max_results=3)
    assert ids(first) == [tweets[8], tweets[7], tweets[1]]
    assert ids(second) == [tweets[0]]


def test_meta_says_what_is_on_the_page(alice: Person) -> None:
    assert alice.home().json() == {"meta": {"result_count": 0}}
    first, last = alice.tweet(), alice.tweet()
    meta = alice.home().json()["meta"]
    assert meta == {"result_count": 2, "newest_id": last, "oldest_id": first}


def test_a_page_leads_back_to_the_one_before(alice: Person) -> None:
    tweets = [alice.tweet(str(n)) for n in range(10)][::-1]
    for read in (alice.home, lambda **query: alice.tweets_of(alice, **query)):
        first, second = pages(read, max_results=5)
        assert "previous_token" not in first.json()["meta"]
        back = read(max_results=5, pagination_token=second.json()["meta"]["previous_token"])
        assert ids(back) == ids(first) == tweets[:5]
        newest = read(max_results=5, pagination_token=first.json()["meta"]["next_token"])
        assert ids(newest) == ids(second)


def test_pages_lead_both_ways_while_some_are_left_out_and_others_arrive(
    alice: Person, bob: Person
) -> None:
    """Replies are left out, some tweets go, one is edited: what stays is on one page each, both
    ways."""
    mine = []
    for n in range(9):
        mine.append(alice.tweet(str(n)))
        for _ in range(n % 3):
            alice.reply(mine[0])
    gone = mine.pop(4)
    alice.delete(gone)
    edited = alice.tweet("edited", edit_options={"previous_post_id": mine[-1]})
    shown = [edited, *mine[-2::-1]]

    def read(**query: object) -> Answer:
        return bob.tweets_of(alice, exclude="replies", max_results=5, **query)

    down: list[Answer] = []
    for page in pages(read):
        down.append(page)
        alice.reply(mine[0])
        alice.tweet("arriving")
    assert [id for page in down for id in ids(page)] == shown
    up, seen = down[-1], ids(down[-1])
    while token := up.json()["meta"].get("previous_token"):
        up = read(pagination_token=token)
        seen = ids(up) + seen
    assert seen[-len(shown) :] == shown
    assert len(seen) == len(set(seen)) == len(shown) + len(down)  # and those that arrived


def test_a_token_of_one_list_opens_no_other(alice: Person, bob: Person) -> None:
    for _ in range(6):
        alice.tweet()
    token = alice.tweets_of(alice, max_results=5).json()["meta"]["next_token"]
    assert alice.tweets_of(bob, pagination_token=token).status_code == 400
    assert alice.tweets_of(alice, next_token=token).status_code == 200


def test_bounds_and_kinds_are_left_out(alice: Person, bob: Person) -> None:
    mine = [alice.tweet(str(n)) for n in range(4)]
    reply, retweet = alice.reply(mine[0]), alice.retweet(bob.tweet()).json()["data"]["id"]
    everything = [*mine, reply, retweet][::-1]

    def read(**query: str) -> list[str]:
        return ids(alice.tweets_of(alice, **query))

    assert read() == everything
    assert read(exclude="replies") == [retweet, *mine[::-1]]
    assert read(exclude="replies,retweets") == mine[::-1]
    assert read(since_id=mine[2]) == [retweet, reply, mine[3]]
    assert read(until_id=mine[2]) == [mine[1], mine[0]]
    assert read(end_time="2020-01-01T00:00:00Z") == []
    assert read(start_time="2020-01-01T00:00:00Z") == everything


def test_a_timeline_redis_has_lost_comes_from_cassandra(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    tweets = [alice.tweet(str(n)) for n in range(8)][::-1]
    forget(api_server, timelines.user_key, alice)
    redis.Redis(port=api_server.redis_port).delete(*(f"tw:{id}" for id in tweets))
    newest = alice.tweet("after the loss")
    found = [
        id
        for page in pages(lambda **q: bob.tweets_of(alice, **q), max_results=5)
        for id in ids(page)
    ]
    assert found == [newest, *tweets]


def test_who_is_no_longer_followed_leaves_the_home_at_once(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    own, hers = bob.tweet(), alice.tweet()
    deliver(api_server, bob.id, [hers])
    assert ids(bob.home()) == [hers, own]
    bob.unfollow(alice)
    assert ids(bob.home()) == [own]


def test_a_home_has_replies_to_those_who_are_near(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    bob.follow(alice)
    strangers, mine, hers = carol.tweet(), bob.tweet(), alice.tweet()
    to_stranger, to_me, thread = (alice.reply(id) for id in (strangers, mine, hers))
    deliver(api_server, bob.id, [hers, to_stranger, to_me, thread])
    assert ids(bob.home()) == [thread, to_me, hers, mine]
    assert ids(bob.home(exclude="replies")) == [hers, mine]
    bob.follow(carol)
    assert ids(bob.home()) == [thread, to_me, to_stranger, hers, mine]


def test_of_several_retweets_of_a_tweet_a_home_has_the_oldest(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for followee in (alice, carol):
        bob.follow(followee)
    hers, other = alice.tweet(), carol.tweet()
    by_carol = carol.retweet(hers).json()["data"]["id"]
    by_alice = alice.retweet(other).json()["data"]["id"]
    by_me = bob.retweet(other).json()["data"]["id"]
    deliver(api_server, bob.id, [hers, other, by_carol, by_alice])
    assert ids(bob.home()) == [other, hers]
    bob.unfollow(carol)
    assert ids(bob.home()) == [by_alice, hers]
    alice.unretweet(other)
    assert ids(bob.home()) == [by_me, hers]
    assert ids(bob.home(exclude="retweets")) == [hers]
