"""How far is the log?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaException, TopicPartition

from ingest.codec import is_event
from ingest.producer import LogUnavailable
from ingest.topics import EVENT_TOPICS
from settings import Settings

Place = tuple[str, int]
"""A topic and a partition."""

WAIT_SECONDS = 10  # for an answer of the broker


def log_ends(settings: Settings, topics: Iterable[str] = EVENT_TOPICS) -> dict[Place, int]:
    """The next offset of each partition: everything below it is in the log now."""
    with _reader(settings) as client:
        return {place: high for place, (_, high) in _ranges(client, settings, topics).items()}


def event_ends(settings: Settings, topics: Iterable[str] = EVENT_TOPICS) -> dict[Place, int]:
    """For each partition the offset behind its last event, for who waits until events are applied.

    What is no event and comes after that is left out: not every job tells that it has read it.
    """
    with _reader(settings) as client:
        ranges = _ranges(client, settings, topics)
        ends = {place: high for place, (_, high) in ranges.items()}
        doubted = {place for place, (low, high) in ranges.items() if high > low}
        while doubted:
            for place, value in _values(client, {place: ends[place] - 1 for place in doubted}):
                if is_event(value, topic=place[0]):
                    doubted.remove(place)
                    continue
                ends[place] -= 1
                if ends[place] == ranges[place][0]:
                    doubted.remove(place)
        return ends


@contextmanager
def _reader(settings: Settings) -> Iterator[Consumer]:
    client = Consumer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": "starling-ends",
            "group.id": "starling-ends",  # required, unused: nothing is committed
            "enable.auto.commit": False,
        }
    )
    try:
        yield client
    except KafkaException as error:
        raise LogUnavailable(f"the log is not reachable: {error}") from error
    finally:
        client.close()


def _ranges(
    client: Consumer, settings: Settings, topics: Iterable[str]
) -> dict[Place, tuple[int, int]]:
    """Of each partition the first offset and the next."""
    return {
        (topic, number): client.get_watermark_offsets(
            TopicPartition(topic, number), timeout=WAIT_SECONDS
        )
        for topic in topics
        for number in range(settings.partitions)
    }


def _values(client: Consumer, offsets: Mapping[Place, int]) -> Iterator[tuple[Place, bytes | None]]:
    """The value of the record at each of these offsets."""
    client.assign([TopicPartition(*place, offset) for place, offset in offsets.items()])
    missing = set(offsets)
    while missing:
        record = client.poll(WAIT_SECONDS)
        if record is None or record.error():
            raise LogUnavailable(f"the log does not answer: {record and record.error()}")
        place = (str(record.topic()), int(record.partition() or 0))
        if place in missing:  # else one that came after it
            missing.remove(place)
            yield place, record.value()
