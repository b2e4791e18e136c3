"""What would the speed layer have said, and what does the lake say?

    python -m batch.compare [--through E] [--view V]

For each epoch closed since the last comparison, every speed total still in Redis is held against
the lake's, and the difference is appended to `ledger/drift`. Then every key looked at is read as
the API reads it: what batch published must be what gold holds, else the command fails. Of the other
views the rows that changed are compared (batch/compare_rows.py). Above `--keys` keys, or `--events`
events, a sample is compared, chosen by a hash so that it is the same everywhere.

A count that is published further than `--through` is compared as far as that. Without it each count
goes as far as it is published, rows as far as all counts are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import pyarrow.compute as pc
import redis

from batch import command
from batch.applied import wait_for_speed
from batch.command import BatchFailed
from batch.compare_rows import compare_rows
from batch.drift import Cell, Drift, drifts, speed_cells, told
from batch.ledger import append, compared_before
from batch.publish import speed_from_key
from batch.sample import in_sample
from batch.served import check_served
from batch.stores import redis_client
from lake import tables
from settings import Settings
from views.contract import FoldView, StateView
from views.registry import fold_views, state_views
from views.seam import COUNTED, COUNTED_FIELDS, counts_key, pointer_key

CHUNK = 2_000


def first_epoch(settings: Settings, cache: redis.Redis, view: FoldView, through: int) -> int:
    """The first epoch to compare: not compared yet, and its speed totals are still whole."""
    speed_from = cache.get(speed_from_key(view.name))
    oldest = through - settings.speed_row_ttl_hours * 3600 // settings.epoch_seconds
    whole_from = int(speed_from) if speed_from is not None else through
    counted = cache.hget(COUNTED, COUNTED_FIELDS[0])
    whole_from = max(whole_from, int(counted) if counted is not None else through)
    return max(compared_before(settings, view.name, through), whole_from, oldest)


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


class Measured(NamedTuple):
    """What both layers say of some epochs, held against each other."""

    epochs: range
    found: list[Drift]
    records_behind: int
    """That the speed layer had not counted yet; it is late then, and not wrong."""
    share: float
    """Of the keys, that were looked at."""
    hot: dict[int, dict[bytes, bytes]]
    """The hashes of those keys in Redis."""


def measured(
    settings: Settings, view: FoldView, through: int, *, keys: int, wait_s: float
) -> Measured:
    """Of the epochs before `through` that no comparison has looked at yet."""
    with redis_client(settings) as cache:
        epochs = range(first_epoch(settings, cache, view, through), through)
        behind = wait_for_speed(settings, cache, "folds", view.topics, epochs, wait_s)
        lake, share = lake_cells(settings, view, epochs, keys)
        hot = dict(hashes(cache, view, share))
    speed: dict[Cell, int] = {}
    for key, fields in hot.items():
        speed.update(speed_cells(key, fields, view.measures, epochs))
    return Measured(epochs, drifts(lake, speed), behind, share, hot)


def compare(
    settings: Settings, view: FoldView, through: int, *, keys: int, wait_s: float
) -> dict[str, Any]:
    epochs, found, behind, share, hot = measured(settings, view, through, keys=keys, wait_s=wait_s)
    if epochs:  # else an earlier comparison through the same epoch stands
        append(settings, view.name, through, found)
    return {
        "through": through,
        "epochs": len(epochs),
        "records_behind": behind,
        **told(found),
        "sample": round(share, 4),
        "served_keys_checked": check_served(settings, view, through, hot, share, keys),
    }


def published(settings: Settings) -> dict[str, int]:
    """Through which epoch each count is published; 0 where it is not."""
    with redis_client(settings) as cache:
        found = cache.mget([pointer_key(view.name) for view in fold_views()])
    return {view.name: int(at or 0) for view, at in zip(fold_views(), found, strict=True)}


def ends(asked: int | None, published: Mapping[str, int]) -> tuple[int, dict[str, int]]:
    """Through which epoch rows are compared, and each count.

    A count that was rebuilt meanwhile is further than the rest, and that is what readers see.

    >>> ends(None, {"tweet_counts": 9, "user_counts": 7})
    (7, {'tweet_counts': 9, 'user_counts': 7})
    >>> ends(8, {"tweet_counts": 9, "user_counts": 7})
    (8, {'tweet_counts': 9, 'user_counts': 8})
    """
    through = min(published.values()) if asked is None else asked
    return through, {name: max(through, at) for name, at in published.items()}


def views_asked(name: str | None) -> Sequence[FoldView | StateView]:
    """The view of that name, or all that can be compared. Raises `BatchFailed`."""
    views = (*fold_views(), *state_views())
    found = [view for view in views if name in (None, view.name)]
    if not found:
        names = ", ".join(view.name for view in views)
        raise BatchFailed(f"{name} is no view that can be compared; there are {names}")
    return found


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    through, ends_of_counts = ends(asked.through, published(settings))
    if not through:
        raise BatchFailed("nothing is published yet: run `hourly 1: land` in Airflow")
    done = {}
    for view in views_asked(asked.view):
        if isinstance(view, FoldView):
            end = ends_of_counts[view.name]
            done[view.name] = compare(settings, view, end, keys=asked.keys, wait_s=asked.wait)
        else:
            done[view.name] = compare_rows(
                settings, view, through, events=asked.events, wait_s=asked.wait
            )
    return {"through": through, "views": done}


def main() -> int:
    arguments = command.parser("batch.compare", __doc__, through=False)
    arguments.add_argument("--through", type=int, help="complete before this epoch")
    arguments.add_argument("--keys", type=int, default=200_000, help="at most about so many a view")
    arguments.add_argument(
        "--events", type=int, default=20_000, help="at most about so many a view of rows"
    )
    arguments.add_argument(
        "--wait", type=float, default=60, help="seconds for a speed layer behind"
    )
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
