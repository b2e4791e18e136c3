"""What the producer promises, against a real broker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka import KafkaConsumer, TopicPartition

from ingest.codec import decode
from ingest.positions import Position
from ingest.producer import LogUnavailable, Producer
from settings import Settings
from tests.frozen import frozen
from tests.views.cast import liked

SOMEONE = 7_700_000


@pytest.fixture
def producer(kafka_server: Settings) -> Iterator[Producer]:
    made = Producer(kafka_server)
    yield made
    made.close()


def record_at(settings: Settings, position: Position):
    """The record at a position, from the broker."""
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False)
    try:
        partition = TopicPartition(position.topic, position.partition)
        consumer.assign([partition])
        consumer.seek(partition, position.offset)
        return next(consumer)
    finally:
        consumer.close()


def test_the_position_that_append_returns_is_where_the_record_stands(
    kafka_server: Settings, producer: Producer
) -> None:
    appended = producer.append(liked(SOMEONE, 10), request_id="req-1")
    record = record_at(kafka_server, appended.position)
    assert decode(record.value, topic="likes") == liked(SOMEONE, 10)
    assert record.key == str(SOMEONE).encode()
    assert dict(record.headers) == {"request_id": b"req-1"}
    assert record.timestamp == appended.append_ms
    assert abs(appended.append_ms - time.time() * 1000) < 60_000, (
        "the broker's clock, not the event's"
    )


def test_one_actors_events_keep_their_order_and_partition(producer: Producer) -> None:
    positions = [producer.append(liked(SOMEONE, tweet)).position for tweet in range(20)]
    assert len({p.partition for p in positions}) == 1
    assert [p.offset for p in positions] == sorted({p.offset for p in positions})


def test_many_threads_append_and_none_shares_a_position(producer: Producer) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda n: producer.append(liked(SOMEONE + n, 1)), range(500)))
    assert len({a.position for a in found}) == 500


def test_a_broker_that_hangs_is_an_error_within_the_time_limit(kafka_server: Settings) -> None:
    hasty = kafka_server.model_copy(update={"append_timeout_seconds": 1.0, "producer_queue": 2})
    producer = Producer(hasty)
    producer.append(liked(SOMEONE, 1))
    with frozen(kafka_server.kafka_port), ThreadPoolExecutor(6) as pool:
        started = time.monotonic()
        waiting = [pool.submit(producer.append, liked(SOMEONE, n)) for n in range(6)]
        reasons = [str(call.exception()) for call in waiting]
        assert all(isinstance(call.exception(), LogUnavailable) for call in waiting)
        assert time.monotonic() - started < 5, "callers beyond the queue wait within their limit"
        assert any("too many writes" in reason for reason in reasons), reasons
    producer.close()


def test_appending_goes_on_once_the_broker_is_back(kafka_server: Settings) -> None:
    hasty = kafka_server.model_copy(update={"append_timeout_seconds": 1.0})
    producer = Producer(hasty)
    producer.append(liked(SOMEONE, 1))
    with frozen(kafka_server.kafka_port), pytest.raises(LogUnavailable):
        producer.append(liked(SOMEONE, 2))
    deadline = time.monotonic() + 30
    while True:
        try:
            producer.append(liked(SOMEONE, 3))
            break
        except LogUnavailable:
            assert time.monotonic() < deadline, "the producer never came back"
    producer.close()
