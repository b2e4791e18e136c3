"""What holds for this key now? Keeps the rows of every StateView in Cassandra and Redis.

    all topics -> understand -> by partition: gather a batch -> write it to both stores
                      |-> dead letters

A batch is gathered in Flink's own state, so that a checkpoint holds what is not written yet. Every
write carries its log position, so what is written twice, or late, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor

from ingest.codec import decode
from ingest.events import Event
from ingest.topics import EVENT_TOPICS
from realtime import job, threads
from realtime.dead_letters import bury
from realtime.keyed import keyed, with_key
from realtime.log import DEAD, Understand, records
from realtime.marks import REPUBLISH_MS
from realtime.stores import Stores
from realtime.waiting import Waiting
from settings import Settings
from views.registry import JOB_TOPICS, state_views

NAME = "state"
RECORD = Types.ROW([Types.INT(), Types.STRING(), Types.LONG(), Types.PRIMITIVE_ARRAY(Types.BYTE())])

Record = tuple[str, int, bytes | None]
"""Topic, offset and value of a record; no value where it could not be understood."""


def build(environment, tables, settings: Settings):
    understood = (
        records(tables, settings, NAME, EVENT_TOPICS)
        .process(Understand(rows_of, report=True), output_type=with_key(Types.INT(), RECORD))
        .uid("understand")
        .name("understand")
    )
    (
        keyed(understood, Types.INT(), RECORD)
        .process(WriteBatches(settings), output_type=Types.STRING())
        .uid("write")
        .name("write")
        .sink_to(job.nothing())
        .name("nothing")
    )
    bury(tables, settings, understood.get_side_output(DEAD)).attach_as_datastream()


def rows_of(event: Event | None, record: Row) -> Iterator[Row]:
    value, topic, partition, offset = record
    if topic in JOB_TOPICS[NAME]:
        yield Row(partition, Row(partition, topic, offset, value if event else None))


class WriteBatches(KeyedProcessFunction):
    """Keyed by partition: positions of one partition alone can be compared, and keep their order.

    A batch is written when it has `state_batch_records`, or `state_batch_ms` after its first.
    Between batches the marks of what is applied are repeated.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def open(self, context) -> None:
        threads.share_the_interpreter()
        self.waiting: Waiting[Record] = Waiting(context)
        self.applied = context.get_map_state(
            MapStateDescriptor("applied", Types.STRING(), Types.LONG())
        )
        self.stores = Stores(self.settings)
        self.rows = context.get_metrics_group().counter("rows")

    def close(self) -> None:
        self.stores.close()

    def process_element(self, row, context) -> None:
        partition, *record = row
        waiting = self.waiting.of(partition)
        if not waiting:
            timers = context.timer_service()
            due = timers.current_processing_time() + self.settings.state_batch_ms
            timers.register_processing_time_timer(due)
        self.waiting.add(partition, tuple(record))
        if len(waiting) >= self.settings.state_batch_records:
            self._write(partition)

    def on_timer(self, _timestamp, context) -> None:
        partition, timers = context.get_current_key(), context.timer_service()
        if self.waiting.of(partition):
            self._write(partition)
        elif applied := dict(self.applied.items()):
            self.stores.write([], applied)  # a Redis that was wiped has its marks again
        # At whole multiples, so that there is one such timer, however many batches there were.
        next_turn = timers.current_processing_time() // REPUBLISH_MS + 1
        timers.register_processing_time_timer(next_turn * REPUBLISH_MS)

    def _write(self, partition: int) -> None:
        waiting = self.waiting.of(partition)
        changes = [
            (view, change, offset, event)
            for topic, offset, value in waiting
            if value is not None
            for event in [decode(value, topic=topic)]
            for view in state_views()
            if isinstance(event, view.events)
            for change in view.project(event)
        ]
        for topic, offset, _ in waiting:
            self.applied.put(f"{topic}/{partition}", offset)
        self.stores.write(changes, dict(self.applied.items()))
        self.rows.inc(len(changes))
        self.waiting.clear(partition)
