"""How do totals reach Redis, and when may the job say that a record is counted?

Totals of one mini-batch arrive one by one, then its watermark. They are gathered in Flink's own
state and written together when the watermark comes, absolute, so that writing them again changes
nothing.

A record's offset may arrive before its totals do: they come by other ways. But a watermark passes
every way behind what came before it. So an offset that arrives at time T is held until the
watermark has passed T: by then all that was read before T has arrived, and has been written.

A job that began anew has totals to catch up with. From which epoch on they are whole it says once
no old ones come any more, and never again: a Redis that was lost since has not what was before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from pyflink.common import Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ValueStateDescriptor,
)

from ingest.positions import applied_key
from realtime import redis_functions, threads
from realtime.put_totals import Total, calls
from realtime.waiting import Waiting
from settings import Settings
from views.seam import COUNTED, COUNTED_FIELDS

REPUBLISH_MS = 1_000  # so that the marks are there again soon after a restart, or a wiped Redis
CAUGHT_UP_MS = 3_000  # without a total of an epoch from before the start
JOB = "folds"
OFFSETS = "offsets"  # stands where a view's name would, in rows that say how far the log was read


class WriteTotals(KeyedProcessFunction):
    """One key: all totals and all offsets. They are few, for they are folded already."""

    def __init__(self, settings: Settings, *, since: int | None = None) -> None:
        """`since` is the epoch from which a job that begins anew counts; None of another."""
        self.settings, self.since = settings, since

    def open(self, context) -> None:
        threads.share_the_interpreter()
        pickled = Types.PICKLED_BYTE_ARRAY()
        self.totals: Waiting[Total] = Waiting(context)
        self.due = False  # a timer for the next watermark is set
        self.held = context.get_list_state(ListStateDescriptor("held", pickled))
        self.applied = context.get_map_state(
            MapStateDescriptor("applied", Types.STRING(), Types.LONG())
        )
        self.told = context.get_state(ValueStateDescriptor("told", Types.BOOLEAN()))
        self.began_ms = self.old_at_ms = time.time_ns() // 1_000_000
        self.written = context.get_metrics_group().counter("totals")
        self.redis = redis_functions.connect(self.settings.redis_url)
        # A restart reads some records again, and totals step back to the checkpoint's until then.
        self.redis.delete(applied_key(JOB))

    def close(self) -> None:
        self.redis.close()

    def process_element(self, row: Total, context) -> None:
        view, key, measure, epoch, total = row
        timers = context.timer_service()
        if view == OFFSETS:
            self.held.add((f"{measure}/{key}", total, timers.current_processing_time()))
        else:
            self.totals.add(0, row)
            if epoch < self.began_ms // self.settings.epoch_ms:
                self.old_at_ms = timers.current_processing_time()
        if not self.due:
            timers.register_event_time_timer(timers.current_watermark() + 1)
            self.due = True

    def on_timer(self, _timestamp, context) -> None:
        self.due = False
        timers = context.timer_service()
        watermark = timers.current_watermark()
        totals = self.totals.of(0)
        held = list(self.held.get())
        self.applied.put_all({place: offset for place, offset, since in held if since < watermark})
        now_ms = timers.current_processing_time()
        counting = {COUNTED_FIELDS[1]: now_ms}
        caught_up = now_ms - self.old_at_ms >= CAUGHT_UP_MS
        if self.since is not None and caught_up and not self.told.value():
            counting[COUNTED_FIELDS[0]] = self.since
            self.told.update(True)
        self._write(totals, dict(self.applied.items()), counting)
        self.written.inc(len(totals))
        self.totals.clear(0)
        self.held.clear()
        for late in (h for h in held if h[2] >= watermark):
            self.held.add(late)
            timers.register_event_time_timer(watermark + 1)
        timers.register_event_time_timer((watermark // REPUBLISH_MS + 1) * REPUBLISH_MS)

    def _write(
        self, totals: Iterable[Total], applied: dict[str, int], counting: dict[str, int]
    ) -> None:
        """Totals first, then the marks; what comes later of one total overwrites the earlier."""
        pipeline = self.redis.pipeline(transaction=False)
        for call in calls(totals, self.settings.speed_row_ttl_hours * 3600):
            pipeline.fcall(*call)
        pipeline.execute()  # before the marks: a pipeline goes on behind a call that fails
        pipeline.hset(COUNTED, mapping=counting)
        if applied:
            pipeline.hset(applied_key(JOB), mapping=applied)
        pipeline.execute()
