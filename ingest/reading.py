"""How does a process of ours read the log, that keeps its places itself?"""

from __future__ import annotations

from threading import Event

import structlog
from confluent_kafka import Consumer, TopicPartition
from tenacity import Retrying, retry_if_exception_type, stop_when_event_set, wait_exponential_jitter
from tenacity.nap import sleep_using_event

from ingest.ends import Place
from settings import Settings

log = structlog.get_logger()


class LogRestarted(RuntimeError):
    """The log ends before what was read of it does: it is another log than the one before."""


def consumer(settings: Settings, name: str) -> Consumer:
    """It remembers nothing: where to go on is kept beside what comes of the records."""
    return Consumer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": f"starling-{name}",
            "group.id": f"starling-{name}",  # required, unused
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "queued.max.messages.kbytes": 32_768,
        }
    )


def start_at(client: Consumer, next_offsets: dict[Place, int]) -> list[TopicPartition]:
    """Where to read each place from. Raises `LogRestarted`, `KafkaException`."""
    starts = []
    for (topic, partition), offset in next_offsets.items():
        low, high = client.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        if offset > high:
            raise LogRestarted(
                f"{topic}/{partition} ends at {high} but {offset} records of it were read before: "
                "this Kafka is not the one they came from"
            )
        if offset < low:
            log.error(
                "records_lost_to_retention", topic=topic, partition=partition, count=low - offset
            )
        starts.append(TopicPartition(topic, partition, max(offset, low)))
    return starts


def patiently(stop: Event, what: str, *errors: type[Exception], longest_s: float = 15) -> Retrying:
    """Tries again, at most so long apart, until it succeeds or `stop` is set."""
    return Retrying(
        retry=retry_if_exception_type(errors),
        wait=wait_exponential_jitter(multiplier=0.2, max=longest_s),
        stop=stop_when_event_set(stop),
        sleep=sleep_using_event(stop),
        before_sleep=lambda state: log.error(
            what,
            attempt=state.attempt_number,
            error=str(state.outcome and state.outcome.exception()),
            retry_in_s=round(state.upcoming_sleep, 1),
        ),
        reraise=True,
    )
