"""Which counts does an answer show, whatever both layers have written?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from cassandra.cluster import Cluster, Session

from ingest.ids import first_id_at, timestamp_ms
from settings import Settings
from tests.people import Person
from views import seam
from views.tweet_counts import TWEET_COUNTS

pytestmark = pytest.mark.engines

NAME = TWEET_COUNTS.name
POINTER = 500  # long before any tweet of these tests was posted, and after the old ones below


@pytest.fixture
def cassandra(api_server: Settings) -> Iterator[Session]:
    with Cluster([api_server.host], port=api_server.cassandra_port) as cluster:
        yield cluster.connect("starling")


@pytest.fixture
def store(api_server: Settings) -> redis.Redis:
    return redis.Redis(port=api_server.redis_port)


@pytest.fixture
def pointer(store: redis.Redis) -> Iterator[int]:
    """Batch has published through this epoch, as long as the test runs."""
    before = store.get(seam.pointer_key(NAME))
    store.set(seam.pointer_key(NAME), POINTER)
    yield POINTER
    if before is None:
        store.delete(seam.pointer_key(NAME))
    else:
        store.set(seam.pointer_key(NAME), before)


def likes(person: Person, id: str | int) -> int:
    found = person.get(f"/tweets/{id}", tweet__fields="public_metrics").json()
    count: int = found["data"]["public_metrics"]["like_count"]
    return count


def old_tweet(settings: Settings, cassandra: Session, author: Person) -> int:
    """A tweet from before the pointer, of which Redis knows nothing."""
    id = first_id_at(settings.epoch_ms * (POINTER - 3)) + int(author.id) % 4096
    assert timestamp_ms(id) < settings.epoch_ms * POINTER
    cassandra.execute(
        "INSERT INTO tweets (id, author_id, text, conversation_id) VALUES (%s, %s, 'old', %s) "
        "USING TIMESTAMP 1",
        (id, int(author.id), id),
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
    api_server: Settings, store: redis.Redis, cassandra: Session, pointer: int, alice: Person
) -> None:
    id = old_tweet(api_server, cassandra, alice)
    publish(cassandra, id, pointer - 1, like_count=40)
    publish(cassandra, id, pointer + 1, like_count=99)
    store.hset(seam.counts_key(NAME, id), seam.speed_field(pointer, "like_count"), 2)
    assert likes(alice, id) == 42
    kept = store.hget(seam.counts_key(NAME, id), seam.batch_field(pointer - 1, "like_count"))
    assert kept == b"40"
    assert store.ttl(seam.counts_key(NAME, id)) > 0
    assert likes(alice, id) == 42


def test_a_tweet_that_nobody_touched_counts_nothing(
    api_server: Settings, cassandra: Session, pointer: int, alice: Person
) -> None:
    assert likes(alice, old_tweet(api_server, cassandra, alice)) == 0
    assert likes(alice, alice.tweet()) == 0
