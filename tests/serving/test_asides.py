"""What is told by the way reaches the log, and makes nobody wait when the log is away."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from kafka import KafkaConsumer, TopicPartition

from ingest.codec import decode
from ingest.events import HomeRead
from ingest.producer import Producer
from serving.asides import WAITING, Asides
from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.realtime.playing import world

pytestmark = pytest.mark.engines


def told(user_id: int, reads: int) -> HomeRead:
    return HomeRead(at_ms=0, user_id=user_id, reads=reads)


def test_it_reaches_the_log(kafka_server: Settings) -> None:
    me, log = world(), Producer(kafka_server)
    asides = Asides(log)
    for reads in range(1, 4):
        asides.tell(told(me, reads))
    until(lambda: in_the_log(kafka_server, me) == [1, 2, 3])
    asides.close()
    log.close()


def in_the_log(settings: Settings, user_id: int) -> list[int]:
    """What was told of this reader, in its order."""
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    with closing(consumer):
        places = [TopicPartition("reads", n) for n in consumer.partitions_for_topic("reads")]
        consumer.assign(places)
        found = []
        for place, end in consumer.end_offsets(places).items():
            while consumer.position(place) < end:
                for records in consumer.poll(1_000).values():
                    found += [decode(record.value, topic="reads") for record in records]
    return [event.reads for event in found if event.user_id == user_id]


def test_nobody_waits_for_a_log_that_hangs(kafka_server: Settings) -> None:
    log = Producer(kafka_server.model_copy(update={"append_timeout_seconds": 1.0}))
    asides = Asides(log)
    with frozen(kafka_server.kafka_port):
        began = time.monotonic()
        for reads in range(2 * WAITING):
            asides.tell(told(1, reads))
        assert time.monotonic() - began < 0.5
        asides.close()
    log.close()
