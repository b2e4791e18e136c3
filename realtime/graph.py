"""How do follows get into the graph? Follows the topic `follows` and writes Neo4j.

    python -m realtime.graph

What comes within 100 ms is one transaction (`graph_store`); of everyone whose edges changed readers
are told a stamp. Where to go on is kept in the graph itself (`aside`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import structlog

from ingest.codec import Undecodable, decode
from ingest.gathering import Batch
from realtime import aside
from realtime.aside import Next
from realtime.graph_store import FAILURES, GraphStore, Said
from settings import Settings
from views.follow_graph import JOB, TOPIC, changes, stamp_key

log = structlog.get_logger()


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


class Graph:
    """The graph as a store that follows the log."""

    job: ClassVar[str] = JOB
    topics: ClassVar[tuple[str, ...]] = (TOPIC,)
    failures: ClassVar[tuple[type[Exception], ...]] = FAILURES

    def __init__(self, settings: Settings) -> None:
        self._store = GraphStore(settings)
        self.batch_ms, self.batch_records = settings.graph_batch_ms, settings.graph_batch_records
        self.close = self._store.close

    def idle(self) -> None:
        return

    def progress(self) -> Next | None:
        """Empties the graph first, where that was asked for."""
        found = self._store.progress()
        if found and found.wipe:
            log.info("wiping")
            self._store.wipe()
            return None
        return _places(found.next) if found else None

    def begin(self, until: Next) -> None:
        self._store.begin([until[TOPIC, n] for n in range(len(until))])

    def write(self, batch: Batch, left_at: Next) -> tuple[Next, Mapping[str, str]]:
        what = said(batch.records)
        ends = {partition: end for (_, partition), end in batch.ends.items()}
        next = self._store.write(what, ends, [left_at[TOPIC, n] for n in range(len(left_at))])
        stamps = {stamp_key(id): f"{s.partition}/{s.offset}" for s in what for id in s.edge}
        return _places(next), stamps


def _places(next: Iterable[int]) -> Next:
    return {(TOPIC, n): offset for n, offset in enumerate(next)}


if __name__ == "__main__":
    sys.exit(aside.main(Graph, FAILURES))
