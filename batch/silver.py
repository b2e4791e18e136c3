"""How does bronze become silver: typed events, each record once, what is no event set apart?

    python -m batch.silver --through E

Each run replaces the epochs from a little before the last run up to E with what bronze says of
them. So running it twice, or killing it anywhere, changes nothing, and a record whose broker's
clock stepped back is still found. Batches stream from table to table, so a long window needs time,
not memory. It needs no Spark: a start of Spark takes longer than an hour's records do here.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from batch import command, land
from batch.decode import decode_batch
from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.commits import last_run, mark, metadata, replace
from settings import Settings

BATCH = 50_000  # records decoded at once
END_OF_LOG = 2**62  # an epoch that never comes
LAND_SECONDS = 300


class Window:
    """The records of a topic in bronze, of epochs from `first` on and before `end`, each once."""

    def __init__(self, settings: Settings, topic: str, first: int, end: int) -> None:
        self._topic = topic
        self._dataset = tables.BRONZE.open(settings).to_pyarrow_dataset()
        epoch = pc.field("epoch")
        self._filter = (pc.field("topic") == topic) & (epoch >= first) & (epoch < end)
        self._repeated = self._repetitions()
        self.events = 0
        self.rejected: list[pa.RecordBatch] = []

    def _repetitions(self) -> set[tuple[int, int]]:
        """Records that bronze holds twice: there are none, unless another than we wrote there."""
        places = self._dataset.to_table(columns=["partition", "offset"], filter=self._filter)
        counted = places.group_by(["partition", "offset"]).aggregate([([], "count_all")])
        repeated = counted.filter(pc.field("count_all") > 1)
        return set(zip(*(repeated.column(i).to_pylist() for i in (0, 1)), strict=True))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Rows of silver; fills `events` and `rejected` on the way."""
        seen: set[tuple[int, int]] = set()
        for batch in self._dataset.to_batches(filter=self._filter, batch_size=BATCH):
            if self._repeated:
                batch = self._first_ones(batch, seen)
            good, bad = decode_batch(batch, self._topic)
            self.events += good.num_rows
            if bad.num_rows:
                self.rejected.append(bad)
            if good.num_rows:
                yield good

    def _first_ones(self, batch: pa.RecordBatch, seen: set[tuple[int, int]]) -> pa.RecordBatch:
        keep = []
        for place in zip(
            *(batch.column(n).to_pylist() for n in ("partition", "offset")), strict=True
        ):
            keep.append(place not in seen)
            if place in self._repeated:
                seen.add(place)
        return batch.filter(pa.array(keep))


def refine(
    settings: Settings, topic: str, end: int, *, full: bool = False, ahead: bool = False
) -> dict[str, int]:
    """Brings silver of the topic up to `end`; returns what the epochs it looked at hold.

    `ahead` takes in what is archived of later epochs too. Silver is not complete through them, and
    the next run replaces them, but what must know the latest row can read it.
    """
    table = tables.silver(topic)
    last = last_run(table, settings)
    done = 0 if full or last is None else last.through
    first = max(0, min(done, end) - settings.silver_lookback_epochs)
    stop = END_OF_LOG if ahead else end
    where = f"epoch >= {first} AND epoch < {stop}"
    window = Window(settings, topic, first, stop)
    # A run that is killed between the commits runs again: `through` is said in the last of them.
    replace(table, settings, window.batches(), where)
    replace(tables.REJECTED, settings, window.rejected, f"topic = '{topic}' AND {where}")
    mark(table, settings, metadata(max(done, end), first=first))
    return {"events": window.events, "rejected": sum(b.num_rows for b in window.rejected)}


def catch_up(settings: Settings, topics: Iterable[str]) -> int:
    """Brings silver of the topics up to the end of the log; returns the last closed epoch.

    Raises `BatchFailed` where the archive is behind.
    """
    through = land.closed_epoch(time.time_ns() // 1_000_000, settings.epoch_ms)
    ends = land.ends_of(settings, None)
    land.wait_archived(settings, ends, LAND_SECONDS)
    for topic in dict.fromkeys(topics):
        refine(settings, topic, through, ahead=True)
    return through


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    topics = {t: refine(settings, t, asked.through, full=asked.full) for t in EVENT_TOPICS}
    return {"through": asked.through, "topics": topics}


def main() -> int:
    arguments = command.parser("batch.silver", __doc__, view=False)
    arguments.add_argument("--full", action="store_true", help="from the first epoch on")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
