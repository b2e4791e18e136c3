"""Homes that Redis has lost, or is about to: built once, answered meanwhile, asked for together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from ingest.positions import applied_key
from realtime import redis_functions
from serving.base_homes import BASE
from serving.errors import StoreUnavailable
from serving.home_building import FOLLOWING
from serving.stores.cassandra import OF_AUTHOR, WHOLE
from serving.stores.redis import RedisStore
from settings import Settings
from stores.shards import Shards
from tests.engines.waiting import until
from tests.people import NewPerson, Person, ids
from tests.serving.delivering import forget, pull, wipe
from tests.serving.reading_homes import Process
from views.tables import KEYSPACE
from views.timelines import bucket_of, home_key, pack, user_key

pytestmark = pytest.mark.engines


def test_a_pulled_author_whom_redis_lost_comes_from_cassandra_once(
    api_server: Settings, process: Process, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    said = [alice.tweet(str(n)) for n in range(4)][::-1]
    assert process.home(bob) == said
    process.cassandra.asked.clear()
    pull(api_server, bob, [alice])
    for begun_anew in (False, True):
        forget(api_server, user_key, alice)
        if begun_anew:
            said = [alice.tweet("while Redis had nothing of hers"), *said]
        process.home(bob)
        assert process.cassandra.asked.pop(OF_AUTHOR) == 1
        assert process.home(bob) == said
        assert process.cassandra.asked[OF_AUTHOR] == 0


def test_what_many_read_is_renewed_before_it_ends(
    api_server: Settings, process: Process, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    said = [alice.tweet(str(n)) for n in range(4)][::-1]
    author, buckets = int(alice.id), api_server.timeline_buckets
    place, key = bucket_of(author, buckets), user_key(author, buckets)
    process.home(bob)
    pull(api_server, bob, [alice])
    process.home(bob)
    process.cassandra.asked.clear()
    life_s = api_server.timeline_seconds
    with closing(Shards(api_server)) as shards:

        def renewed() -> bool:
            assert process.home(bob) == said
            left_s: int = shards.command(place, "TTL", key)
            return left_s >= life_s

        shards.command(place, "EXPIRE", key, life_s // 20)
        until(renewed)
        assert process.cassandra.asked[OF_AUTHOR] == 1, "one asks, and not each who reads"
        shards.command(place, "EXPIRE", key, life_s // 2)
        for _ in range(200):
            assert not renewed()
    assert process.cassandra.asked[OF_AUTHOR] == 1


@pytest.mark.parametrize("shard", [None, 0, 1], ids=["both", "the first", "the second"])
def test_a_redis_that_is_lost_under_reads_empties_no_home(
    api_server: Settings, new_person: NewPerson, alice: Person, shard: int | None
) -> None:
    readers = [new_person(f"reader{n}") for n in range(6)]
    for reader in readers:
        reader.follow(alice)
    said = [alice.tweet(str(n)) for n in range(3)][::-1]
    lost = threading.Event()

    def read(reader: Person) -> list[tuple[list[str], str | None]]:
        answers = [reader.home()]
        while not lost.is_set():
            answers.append(reader.home())
        answers += [reader.home() for _ in range(3)]
        return [(ids(answer), answer.headers.get("x-stale")) for answer in answers]

    with ThreadPoolExecutor(len(readers)) as pool:
        reading = [pool.submit(read, reader) for reader in readers]
        for _ in range(3):
            wipe(api_server, shard)
        lost.set()
        found = [answer for one in reading for answer in one.result()]
    assert all(shown == said for shown, _ in found)
    assert {stale for _, stale in found} <= {None, "timeline"}
    for reader in readers:
        assert "x-stale" not in reader.home().headers


def test_a_server_that_has_just_been_started_is_not_asked_for_what_it_cannot_do(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    """Empty, and without our functions, until the platform has loaded them."""
    bob.follow(alice)
    said = alice.tweet()
    with closing(Shards(api_server)) as shards:
        for client in shards.all():
            client.function_flush()
    try:
        answer = bob.home()
    finally:
        redis_functions.connect_shards(api_server).close()
    assert (ids(answer), answer.headers["x-stale"]) == ([said], "timeline")
    assert "x-stale" not in bob.home().headers


def test_many_readers_at_once_after_a_loss_build_each_home_once(
    api_server: Settings, new_person: NewPerson
) -> None:
    authors = [new_person(f"author{n}") for n in range(5)]
    readers = [new_person(f"reader{n}") for n in range(10)]
    said = [author.tweet("hello") for author in authors][::-1]
    for reader in readers:
        for author in authors:
            reader.follow(author)
    wipe(api_server)
    patient = api_server.model_copy(update={"home_wait_seconds": 30, "api_threads": 50})
    process = Process(patient)
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(process.home, readers * 5))
    assert all(home == said for home in found)
    asked = process.cassandra.asked
    assert asked[WHOLE[FOLLOWING]] == len(readers)
    assert asked[BASE] == 0, "nobody was answered with a stale home"
    # Of each author and each reader about once: those who look at the same moment share an answer.
    assert asked[OF_AUTHOR] <= 3 * (len(authors) + len(readers))
    process.cassandra.close()


def test_whoever_gets_no_turn_is_answered_by_what_batch_computed(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    base, later = carol.tweet("before batch ran"), carol.tweet("since")
    own = bob.tweet("mine")
    process = Process(api_server.model_copy(update={"home_wait_seconds": 0.05}))
    me, buckets = int(bob.id), api_server.timeline_buckets
    forget(api_server, home_key, bob)
    with closing(Shards(api_server)) as shards:  # somebody else builds, and takes long
        shards.command(bucket_of(me, buckets), "SET", home_key(me, buckets), b"somebody", "EX", 9)
    standing = process.homes.standing(me)
    assert standing.stale == {"timeline"}
    assert standing.all() == [int(own), int(later), int(base)], "batch has not run: those followed"
    with pytest.raises(StoreUnavailable):
        Process(api_server.model_copy(update={"read_after_timeout_seconds": 0.05})).homes.standing(
            me, exact=True
        )
    row = (me, pack([int(base)]), 1, 0)
    put = f"INSERT INTO {KEYSPACE}.home_base (reader_id, ids, through, at_ms) VALUES (?, ?, ?, ?)"
    process.cassandra.finish(process.cassandra.begin([(put, row)]))
    assert process.home(bob) == [own, base]
    forget(api_server, home_key, bob)
    standing = process.homes.standing(me)
    assert (standing.all(), standing.stale) == ([int(own), int(later), int(base)], frozenset())


def test_while_cassandra_is_behind_nothing_is_built_and_nobody_waits_for_it(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    bob.follow(alice)
    said = alice.tweet()
    process = Process(api_server.model_copy(update={"home_wait_seconds": 0.3}))
    redis, place = RedisStore(api_server), "tweets/999"  # a partition that no job speaks of
    redis.command("HSET", applied_key("fanout"), place, 2**40)
    redis.command("HSET", applied_key("state"), place, 2**40 - 1)
    assert process.homes.standing(int(bob.id)).stale == {"timeline"}
    began = time.monotonic()
    assert process.home(bob) == [said]
    assert time.monotonic() - began < 0.3, "the next does not wait again"
    redis.command("HSET", applied_key("state"), place, 2**40)
    assert process.homes.standing(int(bob.id), exact=True).stale == frozenset()
    for job in ("fanout", "state"):
        redis.command("HDEL", applied_key(job), place)
    process.cassandra.close()
