"""How does the API append to the log, even if it started before the log did?

The producer connects in the background and as often as it takes, so the API starts, and reads,
without the log. Until it is there writes fail as `LogUnavailable` after the append time limit.
"""

from __future__ import annotations

import threading
import time

import structlog
from kafka.errors import KafkaError

from ingest.events import Event
from ingest.producer import Appended, LogUnavailable, Producer
from serving.metrics import APPENDED
from settings import Settings

SECONDS_BETWEEN_ATTEMPTS = 1.0

logger = structlog.get_logger()


class Log:
    """Thread-safe. `append` returns only what the log has; else it raises `LogUnavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Producer | None = None
        self._connected, self._closed = threading.Event(), threading.Event()
        threading.Thread(target=self._connect, name="log-connect", daemon=True).start()

    def append(self, event: Event, *, request_id: str) -> Appended:
        if not self._connected.wait(self._settings.append_timeout_seconds):
            raise LogUnavailable("the log has not been reached yet")
        assert self._producer is not None
        appended = self._producer.append(event, request_id=request_id)
        APPENDED.labels(type(event).__name__).inc()
        return appended

    def close(self) -> None:
        """Flushes what callers wait for."""
        self._closed.set()
        if self._producer is not None:
            self._producer.close()

    def _connect(self) -> None:
        while not self._closed.is_set():
            started = time.monotonic()
            try:
                self._producer = Producer(self._settings)
            except KafkaError as error:
                waited_s = round(time.monotonic() - started, 1)
                logger.warning("log_not_reached", reason=str(error), seconds=waited_s)
                self._closed.wait(SECONDS_BETWEEN_ATTEMPTS)
            else:
                self._connected.set()
                return
