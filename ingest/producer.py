"""How does an event get into the log, and when may a write be acknowledged?

`append` returns the record's position once the broker has it on all in-sync replicas. Until then
nothing is acknowledged: a caller that gets an exception must answer that the write failed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from ingest.codec import encode
from ingest.events import Event
from ingest.positions import Position
from settings import Settings

REQUEST_ID = "request_id"
SECONDS_BETWEEN_ATTEMPTS = 1.0

logger = logging.getLogger(__name__)


class LogUnavailable(RuntimeError):
    """The log did not take the event in time. It is not acknowledged, though it may yet appear."""


class Appended(NamedTuple):
    """Where a record stands, and the broker's append time in milliseconds, which is its epoch."""

    position: Position
    append_ms: int


class Producer:
    """Appends events, from any thread. One a process; `close` it to flush what callers wait for.

    It connects in the background, so a process starts without the log, and its first `append` waits
    for it. At most `producer_queue` events wait for the broker. A caller beyond that waits for a
    place, within its own time limit, so a slow broker slows callers down and never fills the
    memory.
    """

    def __init__(self, settings: Settings) -> None:
        self._bootstrap = settings.kafka
        self._timeout_s = settings.append_timeout_seconds
        self._too_late_s = self._timeout_s / 10
        self._places = threading.BoundedSemaphore(settings.producer_queue)
        self._change = threading.Condition()
        self._kafka: KafkaProducer | None = None
        self._closed = False
        self._in_background(self._connect)

    def append(self, event: Event, *, request_id: str = "") -> Appended:
        """Appends the event under its actor's key. Raises `LogUnavailable` after the time limit."""
        deadline = time.monotonic() + self._timeout_s
        kafka = self._connected(deadline)
        # A place in the last moment is of no use: the broker would not answer in what is left.
        if not self._places.acquire(
            timeout=max(0.0, deadline - time.monotonic() - self._too_late_s)
        ):
            raise LogUnavailable("too many writes wait for the log")
        try:
            future = kafka.send(
                event.topic,
                key=str(event.actor_id).encode(),
                value=encode(event),
                headers=[(REQUEST_ID, request_id.encode())] if request_id else [],
            )
        except (KafkaError, AssertionError) as error:  # kafka-python asserts where it is closed
            self._places.release()
            self._replace(kafka)
            raise LogUnavailable(f"the log is not reachable: {error}") from error
        future.add_both(lambda _: self._places.release())
        try:
            record = future.get(timeout=max(0.0, deadline - time.monotonic()))
        except KafkaError as error:
            self._replace(kafka)
            raise LogUnavailable(f"the log did not take the event: {error}") from error
        return Appended(Position(record.topic, record.partition, record.offset), record.timestamp)

    def close(self) -> None:
        """Waits for what is under way, at most the append time limit, then lets go."""
        with self._change:
            self._closed, kafka, self._kafka = True, self._kafka, None
            self._change.notify_all()
        if kafka is not None:
            kafka.close(timeout=self._timeout_s)

    def _connected(self, deadline: float) -> KafkaProducer:
        with self._change:
            self._change.wait_for(
                lambda: self._kafka is not None or self._closed, deadline - time.monotonic()
            )
            if self._kafka is None:
                raise LogUnavailable("closed" if self._closed else "no broker has been reached")
            return self._kafka

    def _replace(self, failed: KafkaProducer) -> None:
        """Connects anew. An idempotent producer of kafka-python 3.0 never sends again once a batch
        that it had sent has expired: it drops its producer id and asks for no other."""
        with self._change:
            if self._kafka is not failed:
                return  # another caller has seen to it
            self._kafka = None
        self._in_background(self._connect)
        # Its other callers give up within the time limit, and are told so by their own waiting.
        self._in_background(lambda: _close_quietly(failed, self._timeout_s))

    def _connect(self) -> None:
        timeout_ms = int(self._timeout_s * 1000)
        while not self._closed:
            try:
                made = KafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    bootstrap_timeout_ms=timeout_ms,
                    client_id="starling",
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=1,  # gathers what concurrent requests append, for 1 ms each
                    max_block_ms=timeout_ms,
                    request_timeout_ms=max(1_000, timeout_ms // 2),
                    # Not retried after the caller has been told it failed.
                    delivery_timeout_ms=timeout_ms + 1,
                )
            except KafkaError as error:
                logger.warning("the log at %s is not reached: %s", self._bootstrap, error)
                with self._change:
                    self._change.wait_for(lambda: self._closed, SECONDS_BETWEEN_ATTEMPTS)
                continue
            with self._change:
                if not self._closed:
                    self._kafka = made
                    self._change.notify_all()
                    return
            made.close(timeout=0)

    @staticmethod
    def _in_background(work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="log-connection", daemon=True).start()


def _close_quietly(kafka: KafkaProducer, timeout_s: float) -> None:
    try:
        kafka.close(timeout=timeout_s)
    except KafkaError as error:
        logger.info("a failed producer did not flush: %s", error)
