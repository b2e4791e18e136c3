"""What would the speed layer have said, and what does the lake say?

    python -m batch.compare --through E [--view V]

For each epoch closed since the last comparison, every speed total still in Redis is held against
the lake's, and the difference is appended to `ledger/drift`. Then every key looked at is read as
the API reads it: what batch published must be what gold holds, else the command fails. Above
`--keys` keys a sample is compared, chosen by a hash of the key so that it is the same in both.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import redis

from batch import command
from batch.drift import Cell, Drift, drifts, speed_cells
from batch.publish import speed_from_key
from batch.served import check_served, in_sample
from batch.stores import redis_client
from ingest.positions import applied_key
from lake import tables
from lake.commits import replace
from settings import Settings
from views.contract import FoldView
from views.seam import counts_key

CHUNK = 2_000
TURN_SECONDS = 0.2


def first_epoch(settings: Settings, cache: redis.Redis, view: FoldView, through: int) -> int:
    """The first epoch to compare: not compared yet, and its speed totals are still whole."""
    drift = tables.DRIFT.open(settings).to_pyarrow_dataset()
    before = drift.to_table(
        columns=["through"],
        filter=(pc.field("view") == view.name) & (pc.field("through") < through),
    )
    compared = pc.max(before.column("through")).as_py() or 0
    speed_from = cache.get(speed_from_key(view.name))
    oldest = through - settings.speed_row_ttl_hours * 3600 // settings.epoch_seconds
    return max(compared, int(speed_from) if speed_from is not None else through, oldest)


def lake_cells(
    settings: Settings, view: FoldView, epochs: range, limit: int
) -> tuple[dict[Cell, int], float]:
    """What the lake says of these epochs, and the share of its keys that this is."""
    table = tables.gold_by_epoch(view).open(settings).to_pyarrow_dataset()
    epoch = pc.field("epoch")
    rows = table.to_table(filter=(epoch >= epochs.start) & (epoch < epochs.stop))
    keys = pc.count_distinct(rows.column("key")).as_py()
    share = min(1.0, limit / keys) if keys else 1.0
    columns = [rows.column(name).to_pylist() for name in ("key", "measure", "epoch", "total")]
    cells = {
        Cell(key, measure, at): total
        for key, measure, at, total in zip(*columns, strict=True)
        if share == 1.0 or in_sample(key, share)
    }
    return cells, share


def hashes(
    cache: redis.Redis, view: FoldView, share: float
) -> Iterator[tuple[int, dict[bytes, bytes]]]:
    """Every key of the sample that Redis knows, with its hash."""
    prefix = counts_key(view.name, 0)[:-1]
    names = cache.scan_iter(match=f"{prefix}*", count=CHUNK)
    keys = (int(name[len(prefix) :]) for name in names)
    sample = (key for key in keys if share == 1.0 or in_sample(key, share))
    while chunk := list(islice(sample, CHUNK)):
        pipeline = cache.pipeline(transaction=False)
        for key in chunk:
            pipeline.hgetall(counts_key(view.name, key))
        yield from zip(chunk, pipeline.execute(), strict=True)


def wait_for_speed(
    settings: Settings, cache: redis.Redis, view: FoldView, epochs: range, timeout_s: float
) -> int:
    """Waits until the speed layer has counted all of these epochs; returns how many records it is
    behind when `timeout_s` is over. A layer that lags is late, not wrong."""
    ends: dict[str, int] = {}
    for topic in view.topics:
        silver = tables.silver(topic).open(settings).to_pyarrow_dataset()
        epoch = pc.field("epoch")
        rows = silver.to_table(
            columns=["partition", "pos"], filter=(epoch >= epochs.start) & (epoch < epochs.stop)
        )
        newest = rows.group_by("partition").aggregate([("pos", "max")])
        for row in newest.to_pylist():
            ends[f"{topic}/{row['partition']}"] = row["pos_max"]
    deadline = time.monotonic() + timeout_s
    while True:
        applied = {k.decode(): int(v) for k, v in cache.hgetall(applied_key("folds")).items()}
        behind = sum(max(0, end - applied.get(place, -1)) for place, end in ends.items())
        if not behind or time.monotonic() > deadline:
            return behind
        time.sleep(TURN_SECONDS)


def append(settings: Settings, view: FoldView, through: int, found: Iterable[Drift]) -> None:
    """Puts the comparison into the ledger, once however often it runs."""
    now_ms = time.time_ns() // 1_000_000
    said = {"view": view.name, "through": through, "measured_at_ms": now_ms}
    rows = pa.RecordBatch.from_pylist([d.row() | said for d in found], tables.DRIFT.columns)
    where = f"view = '{view.name}' AND through = {through}"
    replace(tables.DRIFT, settings, [rows], where)


def compare(
    settings: Settings, view: FoldView, through: int, *, keys: int, wait_s: float
) -> dict[str, Any]:
    with redis_client(settings) as cache:
        epochs = range(first_epoch(settings, cache, view, through), through)
        behind = wait_for_speed(settings, cache, view, epochs, wait_s)
        lake, share = lake_cells(settings, view, epochs, keys)
        known = dict(hashes(cache, view, share))
    speed: dict[Cell, int] = {}
    for key, fields in known.items():
        speed.update(speed_cells(key, fields, view.measures, epochs))
    found = drifts(lake, speed)
    append(settings, view, through, found)
    return {
        "epochs": len(epochs),
        "records_behind": behind,
        "compared": sum(d.keys for d in found),
        "differing": sum(d.differing for d in found),
        "absolute_difference": sum(d.absolute_difference for d in found),
        "sample": round(share, 4),
        "served_keys_checked": check_served(settings, view, through, known, share, keys),
    }


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    done = {
        view.name: compare(settings, view, asked.through, keys=asked.keys, wait_s=asked.wait)
        for view in command.fold_views_asked(asked.view)
    }
    return {"through": asked.through, "views": done}


def main() -> int:
    arguments = command.parser("batch.compare", __doc__)
    arguments.add_argument("--keys", type=int, default=200_000, help="at most about so many a view")
    arguments.add_argument(
        "--wait", type=float, default=60, help="seconds for a speed layer behind"
    )
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
