"""How are marks right where several subtasks apply records side by side?

A mark says "this record and all before it". One subtask that takes records as they come may say so
of each. Of several each has its own authors, and one may be behind, so their records are put in
order again.

    due ---------------------------> note --|
     |-> applied, side by side ------------>|-> in order

Nothing of this need be in a checkpoint: its barrier comes behind the same records on both ways, and
a subtask says of a record that it is applied before it takes the next. So all that was noted before
the barrier was passed on before it. What a subtask applies once more after a restart was noted
before, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedCoProcessFunction

from realtime.keyed import keyed
from realtime.marks import PLACE, TOGETHER, together
from realtime.order import Order
from settings import Settings


def in_order(due: DataStream, applied: DataStream, settings: Settings) -> DataStream:
    """The places in `applied` as marks may say them. `due` are the deliveries that led to them."""
    if settings.speed_parallelism == 1:
        return applied
    noted = due.map(lambda row: together(*row[1][3:]), output_type=TOGETHER)
    return (
        keyed(noted, Types.INT(), PLACE)
        .connect(keyed(applied, Types.INT(), PLACE))
        .process(InOrder(), output_type=TOGETHER)
        .uid("in-order")
        .name("in-order")
    )


class InOrder(KeyedCoProcessFunction):
    """One key: the marks are one hash."""

    def open(self, _context) -> None:
        self.order = Order()

    def process_element1(self, row, _context) -> Iterator[Row]:
        place, offset = row
        yield from self._news(place, self.order.note(place, offset))

    def process_element2(self, row, _context) -> Iterator[Row]:
        place, offset = row
        yield from self._news(place, self.order.apply(place, offset))

    @staticmethod
    def _news(place: str, reached: int | None) -> Iterator[Row]:
        if reached is not None:
            yield together(place, reached)
