"""How do the totals of tags reach Redis?

They are gathered for a moment, in Flink's own state, and written together, absolute: what is
written twice, or again after a restart, changes nothing.
"""

from __future__ import annotations

from pyflink.common import Row, RowKind, Types
from pyflink.datastream import DataStream, KeyedProcessFunction

from realtime import redis_functions, threads
from realtime.keyed import under_one_key
from realtime.waiting import Waiting
from settings import Settings
from views.trends import stored
from views.trends.counting import field_of

Total = tuple[int, str, str, int]
"""Place, tag, name of the total, total."""


def written(changes: DataStream, settings: Settings) -> DataStream:
    """Writes what changes in totals, which are rows of `counting.SQL`."""
    return (
        under_one_key(changes, _total_of)
        .process(WriteTagTotals(settings), output_type=Types.STRING())
        .set_parallelism(1)
    )


def _total_of(row: Row) -> Total:
    place, tag, kind, field, total = row
    if row.get_row_kind() is RowKind.DELETE:  # the last person moved on to another minute
        total = 0
    return place, tag, field_of(kind, field), total


class WriteTagTotals(KeyedProcessFunction):
    """One key: all totals. They are few, for they are counted already."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def open(self, context) -> None:
        threads.share_the_interpreter()
        self.waiting: Waiting[Total] = Waiting(context)
        self.redis = redis_functions.connect(self.settings.redis_url)
        self.written = context.get_metrics_group().counter("totals")

    def close(self) -> None:
        self.redis.close()

    def process_element(self, total: Total, context) -> None:
        if not self.waiting.of(0):
            timers = context.timer_service()
            due = timers.current_processing_time() + self.settings.fold_latency_ms
            timers.register_processing_time_timer(due)
        self.waiting.add(0, total)

    def on_timer(self, _timestamp, _context) -> None:
        by_tag: dict[tuple[int, str], dict[str, int]] = {}
        waiting = self.waiting.of(0)
        for place, tag, name, total in waiting:
            by_tag.setdefault((place, tag), {})[name] = total
        pipeline = self.redis.pipeline(transaction=False)
        for (place, tag), totals in by_tag.items():
            pipeline.fcall(*stored.put(place, tag, totals))
        pipeline.execute()
        self.written.inc(len(waiting))
        self.waiting.clear(0)
