"""How does a job say how far it has come?

It passes on the place of each record that it has applied; here the last of each partition is kept
and written every few milliseconds. One write for many records: a mark of its own for each would
cost more than most records do.
"""

from __future__ import annotations

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor

from ingest.positions import applied_key
from realtime import job, redis_functions, threads
from realtime.keyed import keyed, with_key
from settings import Settings

PLACE = Types.ROW([Types.STRING(), Types.LONG()])
"""`topic/partition` and an offset: the record there, and all before it, are applied."""

TOGETHER = with_key(Types.INT(), PLACE)
"""All places have one key: the marks are one hash."""

EVERY_MS = 20  # what a reader that waits for its own write waits longer, at most
REPUBLISH_MS = 1_000  # so that the marks are there again soon after Redis was wiped


def together(place: str, offset: int) -> Row:
    """A row of `TOGETHER`."""
    return Row(0, Row(place, offset))


def mark(applied: DataStream, settings: Settings, job_name: str) -> None:
    """Writes the places in `applied`, which are `TOGETHER`, as the job's marks."""
    (
        keyed(applied, Types.INT(), PLACE)
        .process(WriteMarks(settings, job_name), output_type=Types.STRING())
        .uid("marks")
        .name("marks")
        .sink_to(job.nothing())
        .name("nothing")
    )


class WriteMarks(KeyedProcessFunction):
    """One key. Its state is what a restart from a checkpoint begins with."""

    def __init__(self, settings: Settings, job_name: str) -> None:
        self.settings, self.name = settings, applied_key(job_name)

    def open(self, context) -> None:
        threads.share_the_interpreter()
        self.kept = context.get_map_state(
            MapStateDescriptor("applied", Types.STRING(), Types.LONG())
        )
        self.applied: dict[str, int] = {}  # the same, as far as this attempt has come
        self.due_ms = 0
        self.redis = redis_functions.connect(self.settings.redis_url)

    def close(self) -> None:
        self.redis.close()

    def process_element(self, row: Row, context) -> None:
        place, offset = row
        self.applied[place] = offset
        self.kept.put(place, offset)
        timers = context.timer_service()
        now = timers.current_processing_time()
        if not now < self.due_ms <= now + EVERY_MS:
            self._again(timers, now + EVERY_MS)

    def on_timer(self, timestamp: int, context) -> None:
        if applied := dict(self.kept.items()) | self.applied:
            self.redis.hset(self.name, mapping=applied)
        if timestamp >= self.due_ms:
            self._again(context.timer_service(), timestamp + REPUBLISH_MS)

    def _again(self, timers, at_ms: int) -> None:
        self.due_ms = at_ms
        timers.register_processing_time_timer(at_ms)
