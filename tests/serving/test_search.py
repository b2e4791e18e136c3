"""Searching and counting recent tweets: what a query says, and what it finds."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from ingest.events import TweetPosted
from serving.counting import buckets
from serving.errors import InvalidRequest
from serving.search.words import Query, parse
from tests.people import Person, ids, pages
from views.search_terms import SEARCH_TERMS
from views.tables import TABLES, statement


@pytest.mark.parametrize(
    ("query", "means"),
    [
        ("storm Paris", Query(("storm", "paris"))),
        ("STORM from:@Alice #Café", Query(("storm", "#café"), "alice")),
        ("東京タワー", Query(("東京", "京タ", "タワ", "ワー"))),
        ("from:alice", Query((), "alice")),
        ("U.S. Navy", Query(("u", "s", "navy"))),
    ],
)
def test_words_tags_and_an_author_are_understood(query: str, means: Query) -> None:
    assert parse(query) == means


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("storm OR rain", 7),
        ("-storm", 1),
        ('a "b c"', 3),
        ("a (b)", 3),
        ("a lang:en", 3),
        ("a has:media", 3),
        ("a @bob", 3),
        ("a !!", 3),
        ("to be", 1),
        ("from:a from:b", 8),
        (" ", 1),
    ],
)
def test_what_is_not_supported_is_refused_where_it_stands(query: str, position: int) -> None:
    with pytest.raises(InvalidRequest, match=rf"\(at position {position}\)"):
        parse(query)


def test_a_text_matches_with_every_word_in_any_case() -> None:
    assert parse("storm #paris").matches("A STORM over #Paris")
    assert not parse("storm #paris").matches("a storm over Paris")
    assert parse("京都").matches("東京都と京都府")


def test_buckets_cover_the_window() -> None:
    hour = 3_600_000
    found = buckets(
        [hour, 2 * hour - 1, 4 * hour], start_ms=hour // 2, end_ms=9 * hour // 2, unit_ms=hour
    )
    assert [(end - start, count) for start, end, count in found] == [
        (hour // 2, 0),
        (hour, 2),
        (hour, 0),
        (hour, 0),
        (hour // 2, 1),
    ]
    assert all(a[1] == b[0] for a, b in pairwise(found))


def index(person: Person, tweet_id: str) -> str:
    """Writes the words of the tweet, as the speed layer does a moment later."""
    text = person.get(f"/tweets/{tweet_id}").json()["data"]["text"]
    event = TweetPosted(
        at_ms=0, id=int(tweet_id), author_id=1, text=text, conversation_id=int(tweet_id)
    )
    table, cassandra = TABLES[SEARCH_TERMS.name], person.services.cassandra
    changes = [statement(table, change, pos=1) for change in SEARCH_TERMS.project(event)]
    cassandra.finish(cassandra.begin(changes))
    return tweet_id


@pytest.mark.engines
def test_recent_tweets_are_found_by_their_words_and_counted(alice: Person, bob: Person) -> None:
    word = "w" + secrets.token_hex(6)
    before = datetime.now(UTC) - timedelta(seconds=1)
    mine = [index(alice, alice.tweet(f"{word} number {n} #t{word}")) for n in range(12)]
    his = index(bob, bob.tweet(f"{word.upper()} is mine"))
    tokyo = bob.tweet("東京タワー")
    gone = index(bob, bob.tweet(f"{word} going"))
    bob.delete(gone)

    def search(query: str, **more: object) -> list[str]:
        read = partial(bob.get, "/tweets/search/recent", query=query, max_results=10, **more)
        return [id for page in pages(read) for id in ids(page)]

    assert search(word) == [his, *mine[::-1]]
    assert search(f"{word} MINE") == [his]
    assert search(f"#t{word}") == mine[::-1]
    assert search(f"{word} from:{alice.username}") == mine[::-1]
    assert search(f"from:{bob.username}") == [tokyo, his]
    assert search(f"京タワー from:{bob.username}") == [tokyo]
    assert search(word, since_id=mine[10]) == [his, mine[11]]
    assert search(f"{word} from:nobody_at_all") == []
    edited = index(bob, bob.tweet(f"{word} edited", edit_options={"previous_post_id": his}))
    assert search(word) == [edited, *mine[::-1]]

    for granularity in ("minute", "hour", "day"):
        counted = bob.get("/tweets/counts/recent", query=word, granularity=granularity).json()
        assert counted["meta"] == {"total_tweet_count": 13, "total_post_count": 13}
        assert sum(bucket["tweet_count"] for bucket in counted["data"]) == 13
    assert len(counted["data"]) == 8  # seven days touch eight dates
    since = before.isoformat().replace("+00:00", "Z")
    short = bob.get(
        "/tweets/counts/recent", query=word, start_time=since, granularity="hour"
    ).json()
    assert 1 <= len(short["data"]) <= 2
    assert short["meta"]["total_tweet_count"] == 13
    assert short["data"][0]["start"][:19] == since[:19]

    refused = bob.get("/tweets/search/recent", query="a OR b")
    assert refused.status_code == 400
    assert list(refused.json()["errors"][0]["parameters"]) == ["query"]
    old = (before - timedelta(days=8)).isoformat().replace("+00:00", "Z")
    assert bob.get("/tweets/search/recent", query=word, start_time=old).status_code == 400
