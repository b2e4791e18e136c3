"""A log in memory: records with the positions and append times a broker would give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ingest.events import Event
from ingest.positions import Position, epoch_of

EPOCH_MS = 1_000


class Record(NamedTuple):
    """An event in the log. `append_ms` is the broker's."""

    position: Position
    append_ms: int
    event: Event

    @property
    def epoch(self) -> int:
        return epoch_of(self.append_ms, EPOCH_MS)


def log_of(events: Iterable[Event], *, partitions: int = 2, ms_apart: int = 400) -> list[Record]:
    """The events appended one after the other, each to its actor's partition."""
    ends: dict[tuple[str, int], int] = {}
    records = []
    for number, event in enumerate(events):
        place = (event.topic, event.actor_id % partitions)
        offset = ends.get(place, 0)
        ends[place] = offset + 1
        records.append(Record(Position(*place, offset), number * ms_apart, event))
    return records
