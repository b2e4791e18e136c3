"""How does an event get into the log, and when may a write be acknowledged?

`append` returns the record's position once the broker has it on all in-sync replicas. Until then
nothing is acknowledged: a caller that gets an exception must answer that the write failed.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from ingest.codec import encode
from ingest.events import Event
from ingest.positions import Position
from settings import Settings

REQUEST_ID = "request_id"


class LogUnavailable(RuntimeError):
    """The log did not take the event in time. It is not acknowledged, though it may yet appear."""


class Appended(NamedTuple):
    """Where a record stands, and the broker's append time in milliseconds, which is its epoch."""

    position: Position
    append_ms: int


class Producer:
    """Appends events, from any thread. One a process; `close` it to flush what callers wait for.

    At most `producer_queue` events wait for the broker. A caller beyond that waits for a place,
    within its own time limit, so a slow broker slows callers down and never fills the memory.
    """

    def __init__(self, settings: Settings) -> None:
        self._timeout_s = settings.append_timeout_seconds
        timeout_ms = int(self._timeout_s * 1000)
        self._places = threading.BoundedSemaphore(settings.producer_queue)
        self._kafka = KafkaProducer(
            bootstrap_servers=settings.kafka,
            client_id="starling",
            acks="all",
            enable_idempotence=True,
            linger_ms=1,  # gathers what concurrent requests append; one request waits 1 ms more
            max_block_ms=timeout_ms,
            request_timeout_ms=max(1_000, timeout_ms // 2),
            # Not retried after the caller has been told it failed.
            delivery_timeout_ms=timeout_ms + 1,
        )

    def append(self, event: Event, *, request_id: str = "") -> Appended:
        """Appends the event under its actor's key. Raises `LogUnavailable` after the time limit."""
        deadline = time.monotonic() + self._timeout_s
        if not self._places.acquire(timeout=self._timeout_s):
            raise LogUnavailable("too many writes wait for the log")
        try:
            future = self._kafka.send(
                event.topic,
                key=str(event.actor_id).encode(),
                value=encode(event),
                headers=[(REQUEST_ID, request_id.encode())] if request_id else [],
            )
        except (KafkaError, AssertionError) as error:  # kafka-python asserts where it is closed
            self._places.release()
            raise LogUnavailable(f"the log is not reachable: {error}") from error
        future.add_both(lambda _: self._places.release())
        try:
            record = future.get(timeout=max(0.0, deadline - time.monotonic()))
        except KafkaError as error:
            raise LogUnavailable(f"the log did not take the event: {error}") from error
        return Appended(Position(record.topic, record.partition, record.offset), record.timestamp)

    def close(self) -> None:
        """Waits for what is under way, at most the append time limit, then lets go."""
        self._kafka.close(timeout=self._timeout_s)
