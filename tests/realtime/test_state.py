"""The rows that stand are those of the last writers; records that say nothing stop nobody."""

from __future__ import annotations

import msgspec
import pytest
import redis
from cassandra.cluster import Cluster
from cassandra.query import dict_factory
from confluent_kafka import Consumer, Producer, TopicPartition

from ingest.codec import encode
from ingest.dead_letters import DeadLetter
from ingest.ends import log_ends
from ingest.positions import Position, applied_key
from ingest.topics import DEAD_LETTERS
from settings import Settings
from tests.realtime.playing import JOBS, moved, play, wait, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    blocked,
    created,
    deleted,
    muted,
    posted,
    unblocked,
)
from views import rows
from views.tables import KEYSPACE

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def cassandra(speed_layer: Settings):
    cluster = Cluster([speed_layer.host], port=speed_layer.cassandra_port)
    session = cluster.connect(KEYSPACE)
    session.row_factory = dict_factory
    yield session
    cluster.shutdown()


@pytest.fixture
def client(speed_layer: Settings):
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        yield client


def test_a_hash_of_relations_says_who_blocks_and_who_does_no_longer(
    speed_layer: Settings, client
) -> None:
    w = world()
    events = [
        blocked(ALICE, BOB),
        blocked(ALICE, CAROL),
        unblocked(ALICE, CAROL),
        muted(BOB, ALICE),
    ]
    play(speed_layer, [moved(event, w) for event in events], ["state"])

    def stands(one: int, sort: str, other: int) -> bool:
        value = client.hget(rows.relations_key(one + w), rows.relation_field(sort, other + w))
        return rows.unpack_row(value)[1] is not None

    assert stands(ALICE, rows.BLOCKS, BOB)
    assert stands(BOB, rows.BLOCKED_BY, ALICE)
    assert stands(BOB, rows.MUTES, ALICE)
    assert not stands(ALICE, rows.BLOCKS, CAROL)
    assert not stands(CAROL, rows.BLOCKED_BY, ALICE)


def test_a_deleted_tweet_leaves_a_tombstone(speed_layer: Settings, client) -> None:
    w = world()
    events = [posted(10, ALICE), deleted(10, ALICE)]
    play(speed_layer, [moved(event, w) for event in events], ["state"])
    assert rows.unpack_row(client.get(rows.tweet_key(10 + w)))[1] is None


def test_an_account_is_found_by_its_name(speed_layer: Settings, client, cassandra) -> None:
    w = world()
    name = f"A{w % 10**12}"
    event = msgspec.structs.replace(moved(created(ALICE), w), username=name)
    play(speed_layer, [event], ["state"])
    found = cassandra.execute(
        "SELECT id FROM users_by_username WHERE username = %s", [name.lower()]
    )
    assert found.one() == {"id": ALICE + w}


def test_marks_come_back_to_a_redis_that_lost_them(speed_layer: Settings, client) -> None:
    w = world()
    play(speed_layer, [moved(event, w) for event in (posted(10, ALICE), created(BOB))], JOBS)
    for job in JOBS:
        client.delete(applied_key(job))
    wait(speed_layer, JOBS)


POISON = [
    (None, "empty value"),
    (b"", "truncated"),
    (b"null", "Expected `object`"),
    (b'{"kind":"TweetPosted",', "truncated"),
    (b"nonsense", "malformed"),
    (b'{"kind":"Tweeted","at_ms":0}', "Tweeted"),
    (b'{"kind":"TweetPosted","at_ms":0,"id":1,"author_id":2}', "missing required field"),
    (b'{"kind":"TweetDeleted","at_ms":0,"id":"x","author_id":2}', "Expected `int`"),
    (b'{"kind":"TweetDeleted","at_ms":0,"v":99,"id":1,"author_id":2}', "newer"),
]


@pytest.mark.parametrize("topic", ["tweets", "likes"])
def test_poison_goes_to_the_dead_letters_and_the_partition_goes_on(
    speed_layer: Settings, client, topic: str
) -> None:
    w = world()
    dead_from = log_ends_of_dead_letters(speed_layer)
    first = log_ends(speed_layer, [topic])[topic, 1]
    producer = Producer({"bootstrap.servers": speed_layer.kafka})
    for value, _ in POISON:
        producer.produce(topic, value, partition=1)
    producer.produce("tweets", encode(moved(posted(10, BOB), w)), partition=1)
    producer.flush()
    wait(speed_layer, ["fanout", "state"])
    assert rows.unpack_row(client.get(rows.tweet_key(10 + w)))[1]
    found = dead_letters(speed_layer, dead_from, len(POISON))
    assert [letter.source for letter in found] == [
        Position(topic, 1, first + n) for n in range(len(POISON))
    ]
    assert [letter.value for letter in found] == [value for value, _ in POISON]
    for letter, (_, reason) in zip(found, POISON, strict=True):
        assert topic == "likes" or reason in letter.reason


def log_ends_of_dead_letters(settings: Settings) -> int:
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": "test"})
    try:
        return consumer.get_watermark_offsets(TopicPartition(DEAD_LETTERS, 0), timeout=10)[1]
    finally:
        consumer.close()


def dead_letters(settings: Settings, start: int, number: int) -> list[DeadLetter]:
    """The dead letters from an offset on. Raises `TimeoutError` where there are fewer."""
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": "test"})
    consumer.assign([TopicPartition(DEAD_LETTERS, 0, start)])
    found: list[DeadLetter] = []
    try:
        while len(found) < number:
            message = consumer.poll(30)
            if message is None:
                raise TimeoutError(f"{len(found)} of {number} dead letters")
            found.append(DeadLetter.of(message.headers(), message.value()))
    finally:
        consumer.close()
    return found
