"""What does the log lack that the lake has?

Kafka keeps each topic for a while, the lake for ever. The log has lost a record where the archive
holds it, Kafka does not, and by the topic's own retention still should: a disk died, or somebody
cut the retention. All of the platform that begins anew begins from the log, so it comes back first
(`ingest/restorer.py`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

import pyarrow.compute as pc

from ingest.ends import Place
from ingest.topics import EVENT_TOPICS, KEPT_FOR_EVER
from lake import tables
from lake.archive import archived_offsets
from settings import Settings

MARGIN_MS = 600_000  # what is nearly too old Kafka may let go any moment


class Due(NamedTuple):
    """Of a place, the offsets that the log should hold: `first` on, below `end`."""

    first: int
    end: int

    @property
    def records(self) -> int:
        return max(0, self.end - self.first)


def due(settings: Settings, now_ms: int | None = None) -> dict[Place, Due]:
    """What the archive has and the log should still hold, by place of every topic of events."""
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    oldest = now_ms - settings.log_retention_hours * 3_600_000 + MARGIN_MS
    places = [(topic, n) for topic in EVENT_TOPICS for n in range(settings.partitions)]
    ends = archived_offsets(settings, places)
    bronze = tables.BRONZE.open(settings).to_pyarrow_dataset()
    recent = pc.field("topic").isin(sorted(KEPT_FOR_EVER)) | (pc.field("append_ms") >= oldest)
    rows = bronze.to_table(columns=["topic", "partition", "offset"], filter=recent)
    firsts = rows.group_by(["topic", "partition"]).aggregate([("offset", "min")]).to_pylist()
    first = {(row["topic"], row["partition"]): int(row["offset_min"]) for row in firsts}
    return {place: Due(first.get(place, ends[place]), ends[place]) for place in places}


def short(due: Mapping[Place, Due], held: Mapping[Place, tuple[int, int]]) -> set[str]:
    """The topics of which the log lacks records. `held` are Kafka's first and next offset.

    >>> due = {("likes", 0): Due(3, 9), ("tweets", 0): Due(0, 4), ("reads", 0): Due(7, 7)}
    >>> sorted(short(due, {("likes", 0): (2, 9), ("tweets", 0): (1, 6), ("reads", 0): (7, 7)}))
    ['tweets']
    >>> sorted(short(due, {("likes", 0): (0, 0), ("tweets", 0): (0, 4), ("reads", 0): (0, 0)}))
    ['likes', 'reads']
    """
    return {
        place[0]
        for place, (first, end) in due.items()
        for low, high in [held[place]]
        if high < end or (first < end and low > first)
    }
