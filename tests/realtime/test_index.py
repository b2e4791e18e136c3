"""Is the search engine's index what the log says, whatever dies meanwhile?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError
from redis import Redis

from engines import status
from ingest.bulk import BulkProducer, append_all
from ingest.events import Event
from ingest.ids import first_id_at
from realtime.aside import WentBack
from realtime.engagement import Engagement
from realtime.index_store import IndexStore, NotWritten, Said
from settings import Settings
from tests.engines.waiting import until
from tests.frozen import standing_still
from tests.realtime import playing
from tests.realtime.playing import moved, world
from tests.views.cast import (
    ALICE,
    BOB,
    created,
    decided,
    deleted,
    edited,
    liked,
    posted,
    retweeted,
    scored,
    unretweeted,
)
from views.seam import counts_key, speed_field
from views.search_documents import SEARCH_DOCUMENTS
from views.search_index import JOB, TOPICS, TWEETS, document, month_of, tweets_index

pytestmark = pytest.mark.engines

YEAR_BEFORE = first_id_at(1_700_000_000_000)
YEARS_BEFORE = first_id_at(1_600_000_000_000)


@pytest.fixture
def client(index_server: Settings) -> Iterator[OpenSearch]:
    with OpenSearch(index_server.opensearch_url, timeout=10) as client:
        yield client


def applied(settings: Settings) -> bool:
    return playing.applied(settings, JOB, TOPICS)


def play(settings: Settings, events: list[Event]) -> None:
    append_all(settings, events)
    until(lambda: applied(settings), 60)


def found(client: OpenSearch, base: int) -> dict[int, dict[str, object]]:
    """The documents of a test's world, by id without the world's number."""
    query = {"range": {"id": {"gte": base, "lt": base + 1_000_000}}}
    body = {"query": query, "size": 10_000}
    hits = client.search(index=TWEETS, body=body)["hits"]["hits"]
    return {int(hit["_id"]) - base: hit["_source"] for hit in hits}


def test_what_is_posted_edited_and_deleted_is_found_or_is_not(
    index_server: Settings, client: OpenSearch
) -> None:
    w = world()
    events = [
        *(created(ALICE), posted(10, ALICE), posted(11, BOB, reply_to_id=10)),
        *(edited("10,15", ALICE), retweeted(20, BOB, 11), deleted(11, BOB, reply_to_id=10)),
        *(retweeted(21, BOB, 15), unretweeted(21, BOB, 15), posted(12, BOB, mention_ids="1,0")),
    ]
    events = [moved(event, w) for event in events]
    play(index_server, events)
    documents = found(client, w)
    assert documents.keys() == {12, 15, 20}
    should = [c.row for c in SEARCH_DOCUMENTS.project(events[3]) if c.key == w + 15]
    assert documents[15] == document(should[0], None)
    assert documents[20]["kinds"] == ["is:retweet"]
    assert documents[12]["mention_ids"] == [w + 1]

    play(index_server, events)  # told again, all of it
    assert found(client, w).keys() == {12, 15, 20}


def test_months_have_indices_of_their_own(index_server: Settings, client: OpenSearch) -> None:
    w = world()
    old = msgspec.structs.replace(posted(10, ALICE), id=YEAR_BEFORE + w % 1_000_000, author_id=w)
    play(index_server, [old, moved(posted(10, BOB), w)])
    assert client.exists(index="tweets-2023-11-g1", id=str(old.id))
    query = {"terms": {"id": [old.id, w + 10]}}
    assert client.count(index=TWEETS, body={"query": query})["count"] == 2


def test_tweets_know_that_their_author_is_protected_whenever_that_changes(
    index_server: Settings, client: OpenSearch
) -> None:
    w = world()

    def flags() -> list[object]:
        return [d["protected"] for _, d in sorted(found(client, w).items())]

    def became(protected: bool) -> Event:
        return moved(msgspec.structs.replace(created(ALICE), protected=protected), w)

    play(index_server, [moved(posted(10, ALICE), w)])  # nothing is known of her yet
    assert flags() == [False]
    play(index_server, [became(True), moved(posted(11, ALICE), w)])
    assert flags() == [True, True]
    play(index_server, [moved(posted(12, ALICE), w)])
    assert flags() == [True, True, True]
    play(index_server, [became(False), moved(edited("12,13", ALICE), w)])
    assert flags() == [False, False, False]


@pytest.fixture
def unscored(index_server: Settings) -> Iterator[None]:
    """Nobody scores meanwhile, where a scorer runs."""
    with standing_still(index_server, "scorer"):
        yield


@pytest.mark.usefixtures("unscored")
def test_what_moderation_says_of_a_tweet_is_in_its_document_whichever_comes_first(
    index_server: Settings, client: OpenSearch
) -> None:
    w = world()

    def held() -> dict[int, tuple[object, object]]:
        docs = found(client, w).items()
        return {id: (d.get("withheld"), d.get("sensitive")) for id, d in sorted(docs)}

    play(index_server, [moved(scored(10, ALICE, "block", "toxicity"), w)])
    play(index_server, [moved(posted(id, ALICE), w) for id in (10, 11, 12)])
    said = [scored(11, ALICE), scored(12, ALICE, "review")]
    play(index_server, [moved(event, w) for event in said])
    assert held() == {10: (True, True), 11: (None, None), 12: (False, True)}
    assert found(client, w)[10]["text"] == "tweet 10"
    said = [decided(id, ALICE, what) for id, what in ((10, "allow"), (11, "block"), (12, "label"))]
    play(index_server, [moved(event, w) for event in said])
    assert held() == {10: (False, False), 11: (True, True), 12: (False, False)}
    play(index_server, [moved(scored(10, ALICE, "block", "toxicity", occasion="rescan"), w)])
    assert held()[10] == (False, False)
    play(index_server, [moved(deleted(10, ALICE), w)])
    assert held().keys() == {11, 12}


def test_what_was_made_of_a_tweet_is_known_by_its_power_of_two(
    index_server: Settings, client: OpenSearch
) -> None:
    w = world()
    play(index_server, [moved(posted(10, ALICE), w), moved(posted(11, ALICE), w)])

    def counted(likes: int, replies: int) -> None:
        with Redis.from_url(index_server.redis_url) as redis:
            fields = {
                speed_field(10**9, "like_count"): likes,
                speed_field(10**9, "reply_count"): replies,
            }
            redis.hset(counts_key("tweet_counts", w + 10), mapping=fields)

    def engagement() -> object:
        return found(client, w)[10].get("engagement")

    counted(likes=6, replies=2)
    play(index_server, [moved(liked(BOB, 10), w)])
    until(lambda: engagement() == 3, 30)
    counted(likes=2, replies=0)  # fewer do not lower it
    play(index_server, [moved(liked(BOB, 10), w), moved(posted(12, BOB, reply_to_id=10), w)])
    counted(likes=100, replies=0)
    play(index_server, [moved(liked(ALICE, 10), w)])
    until(lambda: engagement() == 6, 30)
    assert "engagement" not in found(client, w)[11]
    play(index_server, [moved(deleted(10, ALICE), w)])  # a partial update holds off no later word
    assert found(client, w).keys() == {11, 12}


def test_a_tweet_that_somebody_acts_on_all_the_time_is_looked_at_and_again_by_a_new_index(
    index_server: Settings,
) -> None:
    w = world()
    with Redis.from_url(index_server.redis_url) as redis:
        redis.hset(counts_key("tweet_counts", w + 10), speed_field(10**9, "like_count"), 7)
    act, grown = moved(liked(BOB, 10), w), list[dict[int, int]]()

    def looked_at() -> bool:
        engagement.note([act])
        grown.append(engagement.grown())
        return bool(grown[-1])

    with closing(Engagement(index_server)) as engagement:
        until(looked_at, 10)
        engagement.forget()
        until(looked_at, 10)
    assert [found for found in grown if found] == [{w + 10: 3}, {w + 10: 3}]


@pytest.mark.parametrize("victim", [pytest.param("opensearch", marks=pytest.mark.long), "index"])
def test_after_an_outage_under_load_the_index_equals_the_log(
    index_server: Settings, client: OpenSearch, victim: str
) -> None:
    w = world()
    with BulkProducer(index_server) as producer:
        for number in range(3_000):
            producer.append(moved(posted(100 + number, ALICE), w))
            if number % 3 == 0:
                producer.append(moved(deleted(100 + number, ALICE), w))
            if number == 1_000:
                producer.flush()
                os.kill(pid(index_server, victim), signal.SIGKILL)
            elif number > 1_000 and number % 250 == 0:
                producer.flush()  # a load that lasts while the victim comes back
    until(lambda: came_back(index_server), 120)
    assert found(client, w).keys() == {100 + n for n in range(3_000) if n % 3}


def pid(settings: Settings, server: str) -> int:
    current = status.read(settings.state_dir)
    assert current
    return current.parts[server].pids[server]


def came_back(settings: Settings) -> bool:
    try:
        return applied(settings)
    except OpenSearchException:
        return False


@pytest.mark.usefixtures("unscored")
def test_an_older_record_changes_nothing_and_an_index_that_went_back_is_noticed(
    index_server: Settings, client: OpenSearch
) -> None:
    w, store = world(), IndexStore(index_server)
    until(lambda: applied(index_server), 60)
    next = store.progress()
    assert next
    place = ("tweets", 0)

    def said(offset: int, text: str | None) -> Said:
        row = {"id": w, "author_id": w, "created_at": time.time_ns() // 1_000_000, "text": text}
        return Said(w, offset, row if text else None)

    for offset, text in ((7, "new"), (5, "old"), (7, "again")):
        assert store.write([said(offset, text)], [], {place: 0}, next) == next
        assert found(client, w)[0]["text"] == "new"
    person = {"id": w, "username": "w", "name": "W", "verified": False}
    for offset, protected in ((5, True), (3, False), (5, True)):
        store.write([], [Said(w, offset, person | {"protected": protected})], {}, next)
        assert found(client, w)[0]["protected"] is True
    store.write([said(9, None)], [], {}, next)
    store.write([said(8, "late")], [], {}, next)
    assert not found(client, w)
    with pytest.raises(WentBack):
        store.write([], [], {}, {each: offset + 1 for each, offset in next.items()})
    store.close()


def test_what_is_said_of_a_month_that_is_closed_just_now_is_not_passed_over(
    index_server: Settings, client: OpenSearch
) -> None:
    w, store = world(), IndexStore(index_server)
    assert store.progress()
    first, second = (YEARS_BEFORE + w % 1_000_000 + n for n in range(2))
    row = {"author_id": w, "created_at": 1_600_000_000_000, "text": "storm", "links": []}
    tweets = [Said(id, 1, row | {"id": id}) for id in (first, second)]
    store.apply(tweets, [], searchable=True)
    index = tweets_index(month_of(first), store.generation)
    gone = [Said(first, 2, None)]
    person = {"id": w, "username": "w", "name": "W", "verified": False, "protected": True}
    protected = [Said(w, 2, person)]

    client.indices.close(index=index)
    with pytest.raises(NotWritten, match="index_closed"):
        store.apply(gone, [], searchable=True)
    with pytest.raises(RequestError, match="index_closed"):
        store.apply([], protected, searchable=True)
    client.indices.open(index=index, params={"wait_for_active_shards": "1"})
    store.apply(gone, protected, searchable=True)
    assert not client.exists(index=index, id=str(first))
    assert client.get(index=index, id=str(second))["_source"]["protected"] is True
    store.close()
