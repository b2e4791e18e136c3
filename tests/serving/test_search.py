"""Searching and counting recent tweets: what a query says, and what it finds."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from serving.counting import buckets
from settings import Settings
from tests.people import Person, ids, pages
from tests.serving.delivering import indexed, until_applied


def test_buckets_cover_the_window() -> None:
    hour = 3_600_000
    found = buckets({1: 2, 4: 1}, start_ms=hour // 2, end_ms=9 * hour // 2, unit_ms=hour)
    assert [(end - start, count) for start, end, count in found] == [
        (hour // 2, 0),
        (hour, 2),
        (hour, 0),
        (hour, 0),
        (hour // 2, 1),
    ]
    assert all(a[1] == b[0] for a, b in pairwise(found))


@pytest.mark.engines
def test_recent_tweets_are_found_by_what_they_say_and_counted(
    api_server: Settings, index_server: Settings, alice: Person, bob: Person
) -> None:
    word = "w" + secrets.token_hex(6)
    before = datetime.now(UTC) - timedelta(seconds=1)
    mine = [alice.tweet(f"{word} number {n} #t{word}") for n in range(12)]
    his = bob.tweet(f"{word.upper()} is mine, @{alice.username}")
    tokyo = bob.reply(mine[0], "東京タワー")
    bob.delete(bob.tweet(f"{word} going"))
    indexed(index_server)

    def search(query: str, **more: object) -> list[str]:
        read = partial(bob.get, "/tweets/search/recent", query=query, max_results=10, **more)
        return [id for page in pages(read) for id in ids(page)]

    assert search(word) == [his, *mine[::-1]]
    assert search(f"{word} MINE") == [his]
    assert search(f"#T{word}") == mine[::-1]
    assert search(f"{word} from:{alice.username}") == mine[::-1]
    assert search(f"{word} -from:{alice.username}") == [his]
    assert search(f"from:{bob.username}") == [tokyo, his]
    assert search(f"to:{alice.username} is:reply") == [tokyo]
    assert search(f"@{alice.username} has:mentions") == [his]
    assert search(f'京タワー OR ("{word} is" -#t{word})') == [tokyo, his]
    assert search(f"conversation_id:{mine[0]} {word}") == [mine[0]]
    assert search(word, since_id=mine[10]) == [his, mine[11]]
    assert search(f"{word} from:nobody_at_all") == []
    edited = bob.tweet(f"{word} edited", edit_options={"previous_post_id": his})
    indexed(index_server)
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

    refused = bob.get("/tweets/search/recent", query="a OR b AND c")
    assert refused.status_code == 400
    assert list(refused.json()["errors"][0]["parameters"]) == ["query"]
    assert "(at position 8)" in refused.json()["errors"][0]["message"]
    old = (before - timedelta(days=8)).isoformat().replace("+00:00", "Z")
    assert bob.get("/tweets/search/recent", query=word, start_time=old).status_code == 400
    assert ids(bob.get("/tweets/search/all", query=word, start_time=old))[:1] == [edited]
    for path in ("/tweets/search/all", "/tweets/search/recent", "/tweets/counts/recent"):
        later = bob.get(path, query=word, start_time="2441-10-07T22:21:41Z")
        assert later.status_code < 500


@pytest.mark.engines
def test_a_write_is_found_by_a_read_that_waits_for_it(
    api_server: Settings, index_server: Settings, alice: Person
) -> None:
    word = "w" + secrets.token_hex(6)
    for number in range(3):
        answer = alice.post(f"{word} {number}")
        with until_applied(api_server, answer):  # only the search engine is waited for
            found = alice.get("/tweets/search/recent", query=word, after=answer)
        assert len(ids(found)) == number + 1
    gone = alice.delete(ids(found)[0])
    with until_applied(api_server, gone):
        assert len(ids(alice.get("/tweets/search/recent", query=word, after=gone))) == 2


@pytest.mark.engines
def test_what_many_search_for_is_looked_up_once_and_shows_each_what_is_theirs(
    api_server: Settings, index_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    word = "w" + secrets.token_hex(6)
    public, own = bob.tweet(f"{word} public"), alice.tweet(f"{word} for followers")
    carol.follow(alice)
    alice.protect()
    indexed(index_server)

    def found(reader: Person) -> list[str]:
        return ids(reader.get("/tweets/search/recent", query=word))

    for _ in range(api_server.search_hot_asks + 1):
        assert found(bob) == [public]
    later = bob.tweet(f"{word} later")
    indexed(index_server)
    assert found(bob) == [public]  # as it was found for the crowd
    assert found(carol) == [own, public]
    carol.block(bob)
    assert found(carol) == [own]
    assert ids(bob.get("/tweets/search/recent", query=f"{word} {word}")) == [later, public]


@pytest.mark.engines
def test_what_fits_best_comes_first_and_pages_hold(
    api_server: Settings, index_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    word = "w" + secrets.token_hex(6)
    tagged = alice.tweet(f"{word} is some other #T{word}")
    bob.tweet(f"All about #t{word}")  # which they care for from now on
    said = [bob.tweet(f"{word} and {n} other words") for n in range(12)]
    often = carol.tweet(f"{word} {word} {word}")
    alike = carol.tweet(f"{word} and 12 other words")
    alice.follow(bob)
    indexed(index_server)

    def best(reader: Person, **more: object) -> list[list[str]]:
        asked = {"query": word, "max_results": 10, "sort_order": "relevancy"}
        read = partial(reader.get, "/tweets/search/recent", **asked, **more)
        return [ids(page) for page in pages(read)]

    assert best(carol)[0][:2] == [often, alike]
    first, second = best(alice)
    assert first == [often, *said[:2:-1]]  # what says it most, then those whom she follows
    assert second == [*said[2::-1], tagged, alike]
    assert best(bob)[0][:3] == [often, tagged, alike]
    bob.block(alice)
    assert best(alice) == [[often, tagged, alike]]
