"""How do follows get into the graph? Reads the topic `follows` and writes Neo4j.

    python -m realtime.graph

What comes within 100 ms is one transaction (`graph_store`), then readers are told (`graph_marks`).
Where to go on is kept in the graph itself. A Neo4j or a Redis that is away is waited for; the log
keeps what is due, and a backlog is worked off in large batches. Why it is no Flink job:
docs/decisions/0076-the-graph-keeps-its-own-place.md.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from threading import Event
from typing import Any

import structlog
from confluent_kafka import KafkaException
from redis import RedisError

import settings as settings_module
from ingest.codec import Undecodable, decode
from ingest.ends import log_ends
from ingest.gathering import Batch, LogGap, gather
from ingest.producer import LogUnavailable
from ingest.reading import LogRestarted, consumer, patiently, start_at
from realtime.graph_marks import Forgotten, Marks
from realtime.graph_store import FAILURES, GraphStore, Said, WentBack
from settings import Settings
from views.follow_graph import TOPIC, changes

log = structlog.get_logger()

BATCH_BYTES = 16 * 2**20
LOOK_SECONDS = 1.0  # between two looks at both stores while nothing happens
LONGEST_PAUSE_S = 2.0  # between two tries of a store that is away


def said(records: Iterable[Any]) -> list[Said]:
    """What these records of Kafka say of edges. What is no event is the state job's to report."""
    found = []
    for record in records:
        try:
            event = decode(record.value(), topic=TOPIC)
        except Undecodable:
            continue
        place = record.partition(), record.offset()
        found += [Said(*place, edge, stands) for edge, stands in changes(event)]
    return found


class Writer:
    """Brings the graph to where the log is, a `turn` at a time."""

    def __init__(self, settings: Settings, store: GraphStore, marks: Marks, client: Any) -> None:
        self._settings, self._store, self._marks, self._client = settings, store, marks, client
        self._next: list[int] = []
        self._looked = 0.0

    def start(self) -> None:
        """Goes to where the graph stands, or Redis where it was told less; a new graph begins."""
        progress = self._store.progress()
        if progress and progress.wipe:
            log.info("wiping")
            self._store.wipe()
            progress = None
        if progress is None:
            ends = log_ends(self._settings, [TOPIC])
            self._marks.forget()  # before the graph says that it has begun
            self._store.begin([ends[TOPIC, n] for n in range(self._settings.partitions)])
            progress = self._store.progress()
            assert progress is not None
        self._next = progress.next
        told = self._marks.told()
        if any(told.get(n, 0) > offset for n, offset in enumerate(self._next)):
            self._marks.forget()
            told = self._marks.told()
        from_ = {(TOPIC, n): min(at, told.get(n, at)) for n, at in enumerate(self._next)}
        starts = start_at(self._client, from_)
        self._client.assign(starts)
        log.info("following", from_offsets={p.partition: p.offset for p in starts})

    def turn(self, stop: Event) -> None:
        """Writes what comes within a moment. Raises `WentBack` or `Forgotten`: start again."""
        batch = gather(
            self._client.consume,
            seconds=self._settings.graph_batch_ms / 1000,
            rows=self._settings.graph_batch_records,
            bytes=BATCH_BYTES,
        )
        now = time.monotonic()
        if batch.records:
            self._patiently(stop)(self._write, batch)
        elif now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._patiently(stop)(self._look)

    def _write(self, batch: Batch) -> None:
        what = said(batch.records)
        ends = {partition: end for (_, partition), end in batch.ends.items()}
        self._next = self._store.write(what, ends, self._next)
        changed = {id: f"{s.partition}/{s.offset}" for s in what for id in s.edge}
        self._marks.tell(changed, self._next)

    def _look(self) -> None:
        """Stands all where it was left? Marks that were lost are there again after it."""
        progress = self._store.progress()
        if progress is None or progress.wipe or progress.next != self._next:
            raise WentBack(f"the graph stands at {progress}, it was left at {self._next}")
        self._marks.tell({}, self._next)

    @staticmethod
    def _patiently(stop: Event) -> Any:
        return patiently(stop, "store_away", *FAILURES, RedisError, longest_s=LONGEST_PAUSE_S)


def run(settings: Settings, stop: Event) -> None:
    """Follows the log until `stop` is set. Raises `LogRestarted`, `LogGap`, `KafkaException`."""
    pulse = settings.state_dir / "graph.pulse"
    errors = (*FAILURES, RedisError, KafkaException, LogUnavailable)
    with ExitStack() as opened:
        store, marks, client = (
            opened.enter_context(closing(each))
            for each in (GraphStore(settings), Marks(settings), consumer(settings, "graph"))
        )
        writer = Writer(settings, store, marks, client)
        while not stop.is_set():
            patiently(stop, "not_started", *errors, longest_s=LONGEST_PAUSE_S)(writer.start)
            try:
                while not stop.is_set():
                    writer.turn(stop)
                    pulse.touch()  # the supervisor sees by it that nothing is stuck
            except (WentBack, Forgotten) as error:
                log.warning("going_back", reason=str(error))


def main() -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(settings_module.load(), stop)
    except (LogGap, LogRestarted) as error:
        log.error("refused", error=str(error), note="`./starling rebuild graph` begins anew")
        return 1
    except (*FAILURES, RedisError, KafkaException, LogUnavailable) as error:
        log.error("ended_with_work_left", error=str(error), note="the next start goes on")
        return 1
    log.info("ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
