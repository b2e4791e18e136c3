"""Every surface of the API against every relation to an author: where are they and theirs seen?

What a kind of surface shows is said in `serving/visibility.py`; a new surface is a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from serving.visibility import Surface
from settings import Settings
from tests.people import Person
from tests.serving.delivering import deliver, indexed
from tests.serving.test_acquaintance import in_graph

pytestmark = pytest.mark.engines


@dataclass
class Scene:
    """Alice wrote `tweet`; Carol retweeted and likes it, follows Alice and has her on a list.

    It answers and quotes Carol's `other`, which Alice likes and retweeted, and mentions Bob.
    """

    alice: Person
    bob: Person
    carol: Person
    tweet: str
    retweet: str
    other: str
    list_id: str

    def tweets(self, path: str, **query: str) -> bool:
        """Whether Bob finds Alice's tweet, or its retweet, there."""
        return bool({self.tweet, self.retweet} & found(self.bob, path, **query))

    def people(self, path: str, **query: str) -> bool:
        """Whether Bob finds Alice there."""
        return self.alice.id in found(self.bob, path, **query)


def found(person: Person, path: str, **query: str) -> set[str]:
    answer = person.get(path, **query)
    assert answer.status_code == 200, answer.text
    data = answer.json().get("data", [])
    return {each["id"] for each in (data if isinstance(data, list) else [data])}


# Whom one follows already is not among these.
TO_MEET = {"friends of friends": "friends_of_friends", "whom one might follow": "suggestions"}
SURFACES: dict[str, tuple[Surface, Callable[[Scene], bool]]] = {
    "a tweet by its id": (Surface.LOOKUP, lambda s: s.tweets(f"/tweets/{s.tweet}")),
    "tweets by their ids": (Surface.LOOKUP, lambda s: s.tweets("/tweets", ids=s.tweet)),
    "a retweet by its id": (Surface.LOOKUP, lambda s: s.tweets(f"/tweets/{s.retweet}")),
    "home": (
        Surface.HOME,
        lambda s: s.tweets(f"/users/{s.bob.id}/timelines/reverse_chronological"),
    ),
    "the author's tweets": (Surface.LISTED, lambda s: s.tweets(f"/users/{s.alice.id}/tweets")),
    "a retweeter's tweets": (Surface.LISTED, lambda s: s.tweets(f"/users/{s.carol.id}/tweets")),
    "the tweets of a list": (Surface.LISTED, lambda s: s.tweets(f"/lists/{s.list_id}/tweets")),
    "another's likes": (Surface.LISTED, lambda s: s.tweets(f"/users/{s.carol.id}/liked_tweets")),
    "one's bookmarks": (Surface.LISTED, lambda s: s.tweets(f"/users/{s.bob.id}/bookmarks")),
    "one's mentions": (Surface.LISTED, lambda s: s.tweets(f"/users/{s.bob.id}/mentions")),
    "the quotes of a tweet": (
        Surface.LISTED,
        lambda s: s.tweets(f"/tweets/{s.other}/quote_tweets"),
    ),
    "a conversation": (Surface.LISTED, lambda s: s.tweets(f"/tweets/{s.other}/conversation")),
    "a search": (
        Surface.LISTED,
        lambda s: s.tweets("/tweets/search/recent", query=f"hello from:{s.alice.username}"),
    ),
    "who retweeted a tweet": (
        Surface.LISTED,
        lambda s: s.people(f"/tweets/{s.other}/retweeted_by"),
    ),
    "who likes a tweet": (
        Surface.LISTED,
        lambda s: s.people(f"/tweets/{s.other}/liking_users"),
    ),
    "the members of a list": (Surface.LISTED, lambda s: s.people(f"/lists/{s.list_id}/members")),
    "whom another follows": (Surface.LISTED, lambda s: s.people(f"/users/{s.carol.id}/following")),
    "who follows another": (Surface.LISTED, lambda s: s.people(f"/users/{s.carol.id}/followers")),
    "the mutual follows of another": (
        Surface.LISTED,
        lambda s: s.people(f"/users/{s.carol.id}/mutuals"),
    ),
    **{
        name: (Surface.HOME, lambda s, path=path: s.people(f"/users/{s.bob.id}/{path}"))
        for name, path in TO_MEET.items()
    },
    "users found by name": (
        Surface.LISTED,
        lambda s: s.people("/users/search", query=s.alice.username),
    ),
    "a user by their id": (Surface.LOOKUP, lambda s: s.people(f"/users/{s.alice.id}")),
    "a user by their name": (
        Surface.LOOKUP,
        lambda s: s.people(f"/users/by/username/{s.alice.username}"),
    ),
}
OF_PEOPLE = {
    name
    for name in SURFACES
    if name.startswith(("who", "users", "a user", "the members", "the mutual", "friends"))
}

ALL = {Surface.LOOKUP, Surface.LISTED, Surface.HOME}
# What brings the relation about, where Alice's tweets are seen then, and where she is herself.
RELATIONS: dict[str, tuple[Callable[[Scene], object], set[Surface], set[Surface]]] = {
    "a stranger": (lambda s: None, ALL, ALL),
    "blocks the reader": (lambda s: s.alice.block(s.bob), set(), set()),
    "is blocked by the reader": (
        lambda s: s.bob.block(s.alice),
        {Surface.LOOKUP},
        {Surface.LOOKUP},
    ),
    "is muted by the reader": (
        lambda s: s.bob.mute(s.alice),
        {Surface.LOOKUP, Surface.LISTED},
        {Surface.LOOKUP, Surface.LISTED},
    ),
    "has had the tweet blocked": (lambda s: s.alice.hold(s.tweet, "block"), set(), ALL),
    "has had the tweet marked": (lambda s: s.alice.hold(s.tweet, "sensitive"), ALL, ALL),
    "has had the tweet allowed again": (
        lambda s: (s.alice.hold(s.tweet, "block"), s.alice.hold(s.tweet, "allow")),
        ALL,
        ALL,
    ),
    "is protected": (lambda s: s.alice.protect(), set(), ALL),
    "is protected and followed": (
        lambda s: (s.bob.follow(s.alice), s.alice.protect()),
        ALL,
        ALL,
    ),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_an_author_is_seen_where_the_relation_to_them_lets_them(
    api_server: Settings,
    graph_server: Settings,
    index_server: Settings,
    alice: Person,
    bob: Person,
    carol: Person,
    relation: str,
) -> None:
    other = carol.tweet("hello too")
    reply = {"in_reply_to_tweet_id": other}
    tweet = alice.tweet(f"hello @{bob.username}", reply=reply, quote_tweet_id=other)
    carol.like(tweet)
    bob.bookmark(tweet)
    alice.like(other)
    alice.retweet(other)
    follows = [carol.follow(alice), alice.follow(carol), bob.follow(carol)]
    list_id = carol.make_list()
    carol.add_to(list_id, alice)
    retweet = carol.retweet(tweet).json()["data"]["id"]
    deliver(api_server, bob.id, [tweet, retweet])
    deliver(api_server, list_id, [tweet])
    in_graph(graph_server, *follows)
    scene = Scene(alice, bob, carol, tweet, retweet, other, list_id)

    brings_about, of_tweets, of_people = RELATIONS[relation]
    brings_about(scene)
    indexed(index_server)
    seen = {name for name, (_, look) in SURFACES.items() if look(scene)}
    expected = {
        name
        for name, (kind, _) in SURFACES.items()
        if kind in (of_people if name in OF_PEOPLE else of_tweets)
    }
    if "marked" in relation:
        expected.remove("a search")
    if "followed" in relation:
        expected -= TO_MEET.keys()
    assert seen == expected
