"""How does a store beside the speed layer follow the log, when it keeps its own place in it?

What comes within a moment is one `write`, then readers are told (`aside_marks`). Where to go on is
kept in the store itself, beside what was written: a batch whose answer was lost is sent again, a
store restored from yesterday's backup reads on from yesterday, an empty one begins anew. A store or
a Redis that is away is waited for; the log keeps what is due, and a backlog is worked off in large
batches. Why it is no Flink job: docs/decisions/0076-the-graph-keeps-its-own-place.md.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from threading import Event
from typing import Any, ClassVar, Protocol

import structlog
from confluent_kafka import KafkaException
from redis import RedisError

import settings as settings_module
from ingest.ends import Place, log_ends
from ingest.gathering import Batch, LogGap, gather
from ingest.producer import LogUnavailable
from ingest.reading import LogRestarted, consumer, patiently, start_at
from realtime.aside_marks import Forgotten, Marks
from settings import Settings

log = structlog.get_logger()

BATCH_BYTES = 16 * 2**20
LOOK_SECONDS = 1.0  # between two looks at both stores while nothing happens
LONGEST_PAUSE_S = 2.0  # between two tries of a store that is away

Next = Mapping[Place, int]
"""Of each place of the log, the offset to go on with."""


class WentBack(RuntimeError):
    """The store does not stand where its writer left it: it was restored, or is another one."""


class Aside(Protocol):
    """A store that follows the log. Methods raise one of `failures` while it is away."""

    job: ClassVar[str]
    topics: ClassVar[tuple[str, ...]]
    failures: ClassVar[tuple[type[Exception], ...]]
    batch_ms: int
    batch_records: int

    def progress(self) -> Next | None:
        """None where the store knows nothing of the log, or has been emptied to begin anew."""

    def begin(self, until: Next) -> None:
        """Of a log that ends there now, nothing has been written."""

    def write(self, batch: Batch, left_at: Next) -> tuple[Next, Mapping[str, str]]:
        """Writes what the records say; returns where to go on, and stamps to be told.

        `left_at` is where the writer believes that the store stands. Raises `WentBack`.
        """

    def idle(self) -> None:
        """Called about once a second while nothing comes."""

    def close(self) -> None: ...


class Writer:
    """Brings a store to where the log is, a `turn` at a time."""

    def __init__(self, settings: Settings, store: Aside, marks: Marks, client: Any) -> None:
        self._settings, self._store, self._marks, self._client = settings, store, marks, client
        self._next: Next = {}
        self._looked = 0.0

    def start(self) -> None:
        """Goes to where the store stands, or Redis where it was told less; a new one begins."""
        progress = self._store.progress()
        if progress is None:
            ends = log_ends(self._settings, self._store.topics)
            self._marks.forget()  # before the store says that it has begun
            self._store.begin(ends)
            progress = self._store.progress()
            assert progress is not None
        self._next = progress
        told = self._marks.told()
        if any(told.get(place, 0) > offset for place, offset in self._next.items()):
            self._marks.forget()
            told = self._marks.told()
        from_ = {place: min(at, told.get(place, at)) for place, at in self._next.items()}
        starts = start_at(self._client, from_)
        self._client.assign(starts)
        log.info("following", from_offsets={f"{p.topic}/{p.partition}": p.offset for p in starts})

    def turn(self, stop: Event) -> None:
        """Writes what comes within a moment. Raises `WentBack` or `Forgotten`: start again."""
        batch = gather(
            self._client.consume,
            seconds=self._store.batch_ms / 1000,
            rows=self._store.batch_records,
            bytes=BATCH_BYTES,
        )
        now = time.monotonic()
        if batch.records:
            self._patiently(stop)(self._write, batch)
        elif now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._patiently(stop)(self._look)

    def _write(self, batch: Batch) -> None:
        self._next, stamps = self._store.write(batch, self._next)
        self._marks.tell(stamps, self._next)

    def _look(self) -> None:
        """Stands all where it was left? Marks that were lost are there again after it."""
        progress = self._store.progress()
        if progress != self._next:
            raise WentBack(f"the store stands at {progress}, it was left at {self._next}")
        self._marks.tell({}, self._next)
        self._store.idle()

    def _patiently(self, stop: Event) -> Any:
        failures = (*self._store.failures, RedisError)
        return patiently(stop, "store_away", *failures, longest_s=LONGEST_PAUSE_S)


def run(settings: Settings, make: Callable[[Settings], Aside], stop: Event) -> None:
    """Follows the log until `stop` is set. Raises `LogRestarted`, `LogGap`, `KafkaException`."""
    with ExitStack() as opened:
        store = opened.enter_context(closing(make(settings)))
        marks = opened.enter_context(closing(Marks(settings, store.job)))
        client = opened.enter_context(closing(consumer(settings, store.job)))
        pulse = settings.state_dir / f"{store.job}.pulse"
        errors = (*store.failures, RedisError, KafkaException, LogUnavailable)
        writer = Writer(settings, store, marks, client)
        while not stop.is_set():
            patiently(stop, "not_started", *errors, longest_s=LONGEST_PAUSE_S)(writer.start)
            try:
                while not stop.is_set():
                    writer.turn(stop)
                    pulse.touch()  # the supervisor sees by it that nothing is stuck
            except (WentBack, Forgotten) as error:
                log.warning("going_back", reason=str(error))


def main(make: Callable[[Settings], Aside], failures: tuple[type[Exception], ...]) -> int:
    """The process of one such store."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(settings_module.load(), make, stop)
    except (LogGap, LogRestarted) as error:
        log.error("refused", error=str(error), note="it begins anew: see docs/operators.md")
        return 1
    except (*failures, RedisError, KafkaException, LogUnavailable) as error:
        log.error("ended_with_work_left", error=str(error), note="the next start goes on")
        return 1
    log.info("ended")
    return 0
