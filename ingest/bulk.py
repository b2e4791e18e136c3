"""How do a million events get into the log quickly?

For replays, demos and benches. The API answers one caller at a time and uses `producer.py`; here
librdkafka gathers large batches, and a full queue makes the caller wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from confluent_kafka import KafkaError, Message, Producer

from ingest.codec import encode
from ingest.events import Event
from ingest.producer import LogUnavailable
from settings import Settings

POLL_EVERY = 1_000  # events between two looks at what the broker reports
FLUSH_SECONDS = 120  # librdkafka gives a record up after this long without an acknowledgement


class BulkProducer:
    """Appends events in large batches. Use it in `with`: the end waits for all acknowledgements.

    After a failed event the next call, or the end, raises `LogUnavailable`; events before it, and
    some after it, stand in the log. For one thread.
    """

    def __init__(self, settings: Settings) -> None:
        self.count = 0
        failed: list[KafkaError] = []

        def reported(error: KafkaError | None, _: Message) -> None:
            if error is not None:
                failed.append(error)

        self._failed = failed
        self._kafka = Producer(
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

    def __enter__(self) -> BulkProducer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
            self._kafka.close()
        else:
            self.drop()

    def drop(self) -> None:
        """Lets go of what is not on its way yet: it must not hold up an error."""
        self._kafka.purge()
        self._kafka.close()

    def append(self, event: Event) -> None:
        """Hands the event over; waits for a place in the queue while the broker is behind."""
        key, value = str(event.actor_id).encode(), encode(event)
        while True:
            self._check()
            try:
                self._kafka.produce(event.topic, value, key)
                break
            except BufferError:
                self._kafka.poll(0.05)
        self.count += 1
        if self.count % POLL_EVERY == 0:
            self._kafka.poll(0)

    def flush(self) -> None:
        """Returns when the broker has acknowledged everything handed over."""
        left = self._kafka.flush(FLUSH_SECONDS)
        self._check()
        if left:
            raise LogUnavailable(f"{left} events are not acknowledged after {FLUSH_SECONDS} s")

    def _check(self) -> None:
        if self._failed:
            raise LogUnavailable(f"the log did not take an event: {self._failed[0].str()}")


def append_all(
    settings: Settings, events: Iterable[Event], progress: Callable[[int], None] = lambda _: None
) -> int:
    """Appends the events and returns how many; all of them are acknowledged then.

    `progress` is called with the number handed over since its last call. Raises `LogUnavailable`.
    """
    told = 0
    with BulkProducer(settings) as producer:
        for event in events:
            producer.append(event)
            if producer.count - told == POLL_EVERY:
                progress(POLL_EVERY)
                told = producer.count
    progress(producer.count - told)
    return producer.count
