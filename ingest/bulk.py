"""How do a million events get into the log quickly, and how far is the log then?

For replays, demos and benches. The API answers one caller at a time and uses `producer.py`; here
librdkafka gathers large batches, and a full queue makes the caller wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from ingest.codec import encode
from ingest.events import Event
from ingest.producer import LogUnavailable
from ingest.topics import EVENT_TOPICS
from settings import Settings

Place = tuple[str, int]
"""A topic and a partition."""

REPORT_EVERY = 1_000  # events between two calls of `progress`
FLUSH_SECONDS = 120  # librdkafka gives a record up after this long without an acknowledgement


def append_all(
    settings: Settings, events: Iterable[Event], progress: Callable[[int], None] = lambda _: None
) -> int:
    """Appends the events and returns how many, all of them acknowledged by the broker.

    `progress` is called with the number appended since its last call. Raises `LogUnavailable` if
    the broker did not take one of them; those before it, and some after it, stand in the log.
    """
    failed: list[KafkaError] = []

    def reported(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            failed.append(error)

    producer = Producer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": "starling-bulk",
            "log_level": 3,  # errors; a coordinator that is still loading is none
            "enable.idempotence": True,
            "acks": "all",
            # As kafka-python and Java place keys: one actor, one partition, whoever writes.
            "partitioner": "murmur2_random",
            "linger.ms": 20,
            "batch.size": 200_000,  # a whole batch has to fit the topics' max.message.bytes
            "compression.type": "lz4",
            "queue.buffering.max.messages": 50_000,
            "message.timeout.ms": FLUSH_SECONDS * 1000,
            "delivery.report.only.error": True,
            "on_delivery": reported,
        }
    )
    count = 0
    for count, event in enumerate(events, 1):
        key, value = str(event.actor_id).encode(), encode(event)
        while not failed:
            try:
                producer.produce(event.topic, value, key)
                break
            except BufferError:  # the broker is behind: wait for a place in the queue
                producer.poll(0.05)
        if failed:
            break
        if count % REPORT_EVERY == 0:
            producer.poll(0)
            progress(REPORT_EVERY)
    left = producer.flush(FLUSH_SECONDS)
    if failed or left:
        reason = failed[0].str() if failed else f"{left} events are not acknowledged"
        raise LogUnavailable(f"the log did not take all events: {reason}")
    progress(count % REPORT_EVERY)
    return count


def log_ends(settings: Settings, topics: Iterable[str] = EVENT_TOPICS) -> dict[Place, int]:
    """The next offset of each partition: everything below it is in the log now."""
    client = Consumer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": "starling-ends",
            "group.id": "starling-ends",  # required, unused: nothing is consumed
        }
    )
    try:
        return {
            (topic, number): client.get_watermark_offsets(
                TopicPartition(topic, number), timeout=10
            )[1]
            for topic in topics
            for number in range(settings.partitions)
        }
    except KafkaException as error:
        raise LogUnavailable(f"the log is not reachable: {error}") from error
    finally:
        client.close()
