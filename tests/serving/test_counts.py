"""Which counts does an answer show, whatever both layers have written?"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from cassandra.cluster import Cluster, Session
from cassandra.policies import RoundRobinPolicy

from ingest.ids import EPOCH_MS, first_id_at
from settings import Settings
from tests.people import Person
from views import seam
from views.tweet_counts import TWEET_COUNTS

pytestmark = pytest.mark.engines

NAME = TWEET_COUNTS.name


@pytest.fixture
def cassandra(api_server: Settings) -> Iterator[Session]:
    with Cluster(
        [api_server.host],
        port=api_server.cassandra_port,
        protocol_version=5,
        load_balancing_policy=RoundRobinPolicy(),
    ) as cluster:
        yield cluster.connect("starling")


@pytest.fixture
def store(api_server: Settings) -> redis.Redis:
    return redis.Redis(port=api_server.redis_port)


@pytest.fixture
def pointer(api_server: Settings, store: redis.Redis) -> Iterator[int]:
    """Batch has published through this epoch, years before any tweet that is posted now."""
    before = store.get(seam.pointer_key(NAME))
    through = EPOCH_MS // api_server.epoch_ms + 1_000
    store.set(seam.pointer_key(NAME), through)
    yield through
    if before is None:
        store.delete(seam.pointer_key(NAME))
    else:
        store.set(seam.pointer_key(NAME), before)


def likes(person: Person, id: str | int) -> int:
    found = person.get(f"/tweets/{id}", tweet__fields="public_metrics").json()
    count: int = found["data"]["public_metrics"]["like_count"]
    return count


@pytest.fixture
def old(api_server: Settings, cassandra: Session, pointer: int, alice: Person) -> int:
    """A tweet from before the pointer, of which Redis knows nothing."""
    id = first_id_at(api_server.epoch_ms * (pointer - 3)) + secrets.randbelow(10**9)
    cassandra.execute(
        "INSERT INTO tweets (id, author_id, text, conversation_id) VALUES (%s, %s, 'old', %s) "
        "USING TIMESTAMP 1",
        (id, int(alice.id), id),
    )
    return id


def publish(cassandra: Session, id: int, through: int, **totals: int) -> None:
    cassandra.execute(
        "INSERT INTO batch_rows (view_name, key, through, totals) VALUES (%s, %s, %s, %s)",
        (NAME, id, through, totals),
    )


def test_batch_and_speed_totals_meet_at_the_pointer(
    store: redis.Redis, pointer: int, alice: Person
) -> None:
    id = alice.tweet()
    fields: dict[str, Any] = {
        seam.batch_field(pointer, "like_count"): 17,
        seam.batch_field(pointer + 1, "like_count"): 99,  # of a run that has not finished
        seam.speed_field(pointer - 1, "like_count"): 5,  # batch has those
        seam.speed_field(pointer, "like_count"): 3,
        seam.speed_field(pointer + 2, "like_count"): 1,
    }
    store.hset(seam.counts_key(NAME, int(id)), mapping=fields)
    assert likes(alice, id) == 21


def test_what_redis_has_lost_of_batch_comes_from_cassandra_and_is_kept(
    store: redis.Redis, cassandra: Session, pointer: int, old: int, alice: Person
) -> None:
    publish(cassandra, old, pointer - 1, like_count=40)
    publish(cassandra, old, pointer + 1, like_count=99)
    store.hset(seam.counts_key(NAME, old), seam.speed_field(pointer, "like_count"), "2")
    assert likes(alice, old) == 42
    kept = store.hget(seam.counts_key(NAME, old), seam.batch_field(pointer - 1, "like_count"))
    assert kept == b"40"
    assert store.ttl(seam.counts_key(NAME, old)) > 0
    assert likes(alice, old) == 42


@pytest.mark.parametrize(
    ("says", "stale"),
    [
        ({"since": 0}, None),
        ({"since": 1}, "counts"),  # the epoch of the pointer was not counted
        ({}, "counts"),  # Redis lost it, and who knows what else
    ],
)
def test_a_missing_epoch_of_the_speed_layer_is_not_taken_for_zero(
    store: redis.Redis, api_server: Settings, alice: Person, says: dict[str, int], stale: str | None
) -> None:
    id, key = alice.tweet(), seam.pointer_key(NAME)
    through = time.time_ns() // 1_000_000 // api_server.epoch_ms
    said, pointer = store.hgetall(seam.COUNTED), store.get(key)
    if "since" in says:
        says = says | {"since": through + says["since"]}
    with store.pipeline() as pipe:
        pipe.set(key, through).delete(seam.COUNTED)
        pipe.hset(seam.COUNTED, mapping={"alive_ms": 2**60} | says).execute()
    try:
        answer = alice.get(f"/tweets/{id}", tweet__fields="public_metrics")
        assert answer.headers.get("x-stale") == stale
    finally:
        store.hset(seam.COUNTED, mapping=said)
        store.delete(key) if pointer is None else store.set(key, pointer)


def test_a_tweet_that_nobody_touched_counts_nothing(old: int, alice: Person) -> None:
    assert likes(alice, old) == 0
    assert likes(alice, alice.tweet()) == 0
