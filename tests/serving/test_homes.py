"""What a reader of a home meets: people who are pulled, a Redis that was lost, a long absence."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from ingest.events import EdgePlanned, HomeRead
from ingest.positions import applied_key
from realtime import redis_functions
from serving.asides import Asides
from serving.base_homes import BASE, BaseHomes
from serving.errors import StoreUnavailable
from serving.home_building import FOLLOWING, HomeBuilding
from serving.homes import Homes
from serving.paging import Cursor
from serving.recents import Recents
from serving.stores.cassandra import OF_AUTHOR, WHOLE, Bound, CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from stores.shards import Shards
from tests.engines.waiting import until
from tests.people import NewPerson, Person, ids, pages
from tests.serving.delivering import deliver, forget, pull, wipe
from views.tables import KEYSPACE
from views.timelines import bucket_of, home_key, pack, pulls_key, reads_key, unpack, user_key

pytestmark = pytest.mark.engines


class CountingCassandra(CassandraStore):
    """Counts its statements."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: Counter[str] = Counter()
        self._counting = threading.Lock()

    def begin(self, statements: Sequence[Bound]) -> list:
        with self._counting:
            self.asked.update(cql for cql, _ in statements)
        return super().begin(statements)


class Told(Asides):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.events: list[HomeRead | EdgePlanned] = []

    def tell(self, event: HomeRead | EdgePlanned) -> None:
        self.events.append(event)


class Process:
    """The part of an API process that reads homes."""

    def __init__(self, settings: Settings) -> None:
        redis, self.cassandra, self.told = RedisStore(settings), CountingCassandra(settings), Told()
        recents = Recents(settings, redis, self.cassandra)
        building = HomeBuilding(settings, redis, self.cassandra, recents, self.told)
        base = BaseHomes(settings, self.cassandra, recents)
        self.homes = Homes(settings, redis, recents, building, base, self.told)

    def home(self, reader: Person) -> list[str]:
        return [str(id) for id in self.homes.standing(int(reader.id)).all()]


@pytest.fixture
def process(api_server: Settings) -> Iterator[Process]:
    made = Process(api_server)
    yield made
    made.cassandra.close()


def test_a_first_read_has_what_was_said_before(alice: Person, bob: Person) -> None:
    before = [alice.tweet(str(n)) for n in range(3)]
    bob.follow(alice)
    own = bob.tweet()
    answer = bob.home()
    assert ids(answer) == [own, *before[::-1]]
    assert "x-stale" not in answer.headers


def test_ones_own_are_there_whatever_redis_has_of_them(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    own = [bob.tweet(str(n)) for n in range(3)]
    assert ids(bob.home()) == own[::-1]
    forget(api_server, user_key, bob)
    own.append(bob.tweet("one that Redis has"))
    assert ids(bob.home()) == own[::-1]


def test_those_who_are_pulled_are_on_the_home_from_their_first_word_on(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    pushed = carol.tweet("pushed")
    assert ids(bob.home()) == [pushed]
    pull(api_server, bob, [alice])
    pulled = alice.tweet("pulled")
    retweet = alice.retweet(pushed).json()["data"]["id"]
    assert ids(bob.home()) == [pulled, pushed]
    carol.delete(pushed)
    assert ids(bob.home()) == [pulled]
    alice.unretweet(pushed)
    reply = alice.reply(bob.tweet("mine"))
    assert ids(bob.home())[0] == reply != retweet
    bob.mute(alice)
    assert len(ids(bob.home())) == 1
    bob.unmute(alice)
    bob.unfollow(alice)
    assert len(ids(bob.home())) == 1


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


def test_all_of_the_pulled_is_fetched_only_where_a_page_lies_deeper(
    api_server: Settings,
    process: Process,
    alice: Person,
    bob: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("serving.homes.TAIL", 3)
    bob.follow(alice)
    said = [int(alice.tweet(str(n))) for n in range(8)][::-1]
    process.home(bob)
    pull(api_server, bob, [alice])
    standing = process.homes.standing(int(bob.id))
    assert standing.page(Cursor(), 3) == said[:3]
    later = int(alice.tweet("deeper pages find it, newer ones were read"))
    assert standing.page(Cursor(older_than=said[2]), 3) == said[3:6]
    assert standing.all() == [later, *said]


def test_pages_cover_a_home_once_while_the_pushed_and_the_pulled_say_more(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    bob.home()
    pull(api_server, bob, [alice])
    old = []
    for n in range(8):
        old += [alice.tweet(f"pulled {n}"), carol.tweet(f"pushed {n}")]
        deliver(api_server, bob.id, old[-1:])
    seen: list[str] = []
    for page in pages(bob.home, max_results=3):
        seen += ids(page)
        alice.tweet("arriving")
        deliver(api_server, bob.id, [carol.tweet("arriving")])
    assert seen == old[::-1]


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


def test_a_reader_who_comes_back_is_pushed_to_again(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    said = [alice.tweet(), carol.tweet()]
    me, buckets = int(bob.id), api_server.timeline_buckets
    plan = (
        f"INSERT INTO {KEYSPACE}.pulled_edges (reader_id, author_id, generation) VALUES (?, ?, ?)"
    )
    process = Process(api_server.model_copy(update={"pulled_edges_max": 1}))
    planned = [(plan, (me, int(author.id), 3)) for author in (alice, carol)]
    process.cassandra.finish(process.cassandra.begin(planned))
    assert process.home(bob) == said[::-1]
    with closing(Shards(api_server)) as shards:
        pulls = shards.command(bucket_of(me, buckets), "GET", pulls_key(me, buckets))
    assert sorted(unpack(pulls)) == sorted([int(alice.id), int(carol.id)])
    process.home(bob)
    again = [event for event in process.told.events if isinstance(event, EdgePlanned)]
    assert [(e.reader_id, e.generation, e.pulled) for e in again] == [(me, 0, False)] * 2
    assert {e.author_id for e in again} == {int(alice.id), int(carol.id)}
    process.cassandra.close()


def test_reads_are_told_to_the_log_together(
    api_server: Settings, process: Process, bob: Person
) -> None:
    me, buckets = int(bob.id), api_server.timeline_buckets
    for _ in range(4):
        process.home(bob)
    assert [(e.user_id, e.reads) for e in process.told.events] == [(me, 1)]
    with closing(Shards(api_server)) as shards:  # as if the last report were an hour ago
        shards.command(bucket_of(me, buckets), "HSET", reads_key(me, buckets), "reported_ms", 0)
    process.home(bob)
    assert [e.reads for e in process.told.events] == [1, 4]
