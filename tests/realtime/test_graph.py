"""Is the graph what the log says, whatever dies meanwhile?"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator

import pytest
from redis import Redis

from engines import status
from ingest.bulk import BulkProducer, append_all
from ingest.ends import log_ends
from ingest.events import Event
from ingest.positions import applied_key
from realtime.aside import WentBack
from realtime.graph_check import Difference, caught_up, difference, wait_until_caught_up
from realtime.graph_store import FAILURES, GraphStore, Said
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import moved, world
from tests.views.cast import followed, unfollowed
from views.follow_graph import JOB, TOPIC, stamp_key

pytestmark = pytest.mark.engines

PEOPLE = range(60)


@pytest.fixture
def store(graph_server: Settings) -> Iterator[GraphStore]:
    store = GraphStore(graph_server)
    yield store
    store.close()


def burst(count: int, seed: int) -> list[Event]:
    """Follows and unfollows among a few people, so that most edges come and go many times."""
    chance, w = random.Random(seed), world()
    return [
        moved(chance.choice((followed, followed, unfollowed))(*chance.sample(PEOPLE, 2)), w)
        for _ in range(count)
    ]


def kill(settings: Settings, server: str) -> None:
    os.kill(pid(settings, server), signal.SIGKILL)


def pid(settings: Settings, server: str) -> int:
    current = status.read(settings.state_dir)
    assert current
    return current.parts[server].pids[server]


def same(settings: Settings) -> bool:
    found = difference(settings)
    assert found == Difference(found.edges, set(), set())
    return found.edges > 0


@pytest.mark.parametrize("victim", [pytest.param("neo4j", marks=pytest.mark.long), "graph"])
def test_after_an_outage_under_load_the_graph_equals_the_log(
    graph_server: Settings, store: GraphStore, victim: str
) -> None:
    events = burst(9_000, seed=1)
    with BulkProducer(graph_server) as producer:
        for number, event in enumerate(events):
            producer.append(event)
            if number == 3_000:
                producer.flush()
                kill(graph_server, victim)
            elif number > 3_000 and number % 500 == 0:
                producer.flush()  # a burst that lasts while the victim comes back
    until(lambda: caught_up_again(graph_server, store), 120)
    assert same(graph_server)


def caught_up_again(settings: Settings, store: GraphStore) -> bool:
    try:
        return caught_up(store, log_ends(settings, [TOPIC]))
    except FAILURES:
        return False  # it is not back yet


@pytest.mark.long
def test_a_graph_that_is_to_be_emptied_is_written_anew(
    graph_server: Settings, store: GraphStore
) -> None:
    append_all(graph_server, burst(500, seed=2))
    wait_until_caught_up(graph_server, store)
    store.ask_to_wipe()
    wait_until_caught_up(graph_server, store)
    assert same(graph_server)


def test_who_changed_is_stamped_before_the_mark_says_so(
    graph_server: Settings, store: GraphStore
) -> None:
    w = world()
    append_all(graph_server, [moved(followed(1, 2), w)])
    with Redis.from_url(graph_server.redis_url) as redis:
        marks_equal_ends(graph_server, redis)
        stamps = [redis.get(stamp_key(w + id)) for id in (1, 2, 3)]
        assert stamps[0] == stamps[1] != None  # noqa: E711
        assert stamps[2] is None

        # A Redis that comes back without its last moments has lost the stamp, and the mark.
        redis.delete(stamp_key(w + 1))
        partition, offset = map(int, stamps[1].split(b"/"))
        redis.hset(applied_key(JOB), f"{TOPIC}/{partition}", offset - 1)
        until(lambda: redis.get(stamp_key(w + 1)) == stamps[1])
        marks_equal_ends(graph_server, redis)

        redis.delete(applied_key(JOB))  # one that lost everything has its marks again
        marks_equal_ends(graph_server, redis)


def marks_equal_ends(settings: Settings, redis: Redis) -> None:
    ends = {
        f"{t}/{p}".encode(): b"%d" % (e - 1)
        for (t, p), e in log_ends(settings, [TOPIC]).items()
        if e
    }
    until(lambda: redis.hgetall(applied_key(JOB)) == ends)


def test_a_batch_that_was_written_is_left_out_and_a_graph_that_went_back_is_noticed(
    graph_server: Settings, store: GraphStore
) -> None:
    wait_until_caught_up(graph_server, store)
    progress = store.progress()
    assert progress
    w, next = world(), progress.next
    written = [Said(0, next[0] - 1, (w + 1, w + 2), True)]
    assert store.write(written, {0: next[0]}, next) == next
    assert (w + 1, w + 2) not in set(store.edges())
    with pytest.raises(WentBack):
        store.write([], {}, [offset + 1 for offset in next])
