"""How is a burst of follows made few, fat records?

What happens to edges is gathered for 100 ms, by partition, and passed on by author: thousands who
follow a celebrity in one second are ten records, of a round trip each.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction

from realtime.deliveries import Delivery, Edge, fat
from realtime.keyed import keyed, with_key
from realtime.waiting import Waiting
from settings import Settings

DELIVERY = Types.ROW([Types.LONG(), Types.STRING(), Types.STRING(), Types.STRING(), Types.LONG()])
"""Author, action, its subjects in decimal with spaces between; and that all records of the place
(`topic/partition`) up to this offset are applied when this one is."""


BY_AUTHOR = with_key(Types.LONG(), DELIVERY)
BY_PLACE = with_key(Types.STRING(), DELIVERY)


def row_of(delivery: Delivery, place: str, offset: int) -> Row:
    author_id, action, subject = delivery
    return Row(author_id, action.value, str(subject) if subject else "", place, offset)


def by_author(delivery: Row) -> Row:
    return Row(delivery[0], delivery)


def by_place(delivery: Row) -> Row:
    return Row(delivery[3], delivery)


def gather(edges: DataStream, settings: Settings) -> DataStream:
    """Bursts of these deliveries, which are `BY_PLACE`; `BY_AUTHOR`."""
    return (
        keyed(edges, Types.STRING(), DELIVERY)
        .process(Gather(settings), output_type=BY_AUTHOR)
        .uid("bursts")
        .name("bursts")
    )


class Gather(KeyedProcessFunction):
    """Keyed by place. A burst ends `follow_burst_ms` after its first record, or when it is full."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def open(self, context) -> None:
        self.waiting: Waiting[Edge] = Waiting(context)

    def process_element(self, row, context) -> Iterator[Row]:
        author_id, action, subjects, place, offset = row
        waiting = self.waiting.of(place)
        if not waiting:
            timers = context.timer_service()
            due = timers.current_processing_time() + self.settings.follow_burst_ms
            timers.register_processing_time_timer(due)
        self.waiting.add(place, (author_id, action, subjects, offset))
        if len(waiting) >= self.settings.follow_burst_records:
            yield from self._burst(place)

    def on_timer(self, _timestamp, context) -> Iterator[Row]:
        yield from self._burst(context.get_current_key())

    def _burst(self, place: str) -> Iterator[Row]:
        if waiting := self.waiting.of(place):
            yield from (by_author(Row(*record)) for record in fat(place, waiting))
            self.waiting.clear(place)
