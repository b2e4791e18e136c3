"""What does the log hear by the way, while nobody waits for it?

Reads report how often homes are read. Such an event may be lost, when the log is away or slow, and
may never make a reader wait: it goes into a short queue, and a thread of its own appends it.
"""

from __future__ import annotations

import queue
import threading

import structlog

from ingest.events import Event
from ingest.producer import LogUnavailable, Producer
from serving.metrics import ASIDES_LOST

WAITING = 1_000  # events; more are dropped, since the log has been away for long
CLOSE_SECONDS = 2.0

logger = structlog.get_logger()


class Asides:
    """Thread-safe. Its thread begins with the first event."""

    def __init__(self, log: Producer) -> None:
        self._log = log
        self._waiting: queue.Queue[Event | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, event: Event) -> None:
        """Never waits and never fails."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="asides", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            ASIDES_LOST.labels(type(event).__name__).inc()

    def close(self) -> None:
        """Waits for a moment for what is still to be told."""
        if self._thread is not None:
            try:
                self._waiting.put(None, timeout=CLOSE_SECONDS)
            except queue.Full:
                return  # the log is away; nobody counts on these
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        while (event := self._waiting.get()) is not None:
            try:
                self._log.append(event)
            except LogUnavailable as error:
                ASIDES_LOST.labels(type(event).__name__).inc()
                logger.warning("aside_lost", kind=type(event).__name__, reason=str(error))
