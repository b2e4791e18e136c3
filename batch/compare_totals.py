"""What do both layers say of some epochs: the totals of a FoldView in Redis and in the lake?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import pyarrow.compute as pc
import redis

from batch.applied import wait_for_speed
from batch.drift import Cell, Drift, drifts, speed_cells
from batch.sample import in_sample
from lake.table import Table
from settings import Settings
from views.contract import FoldView
from views.seam import COUNTED, COUNTED_FIELDS, counts_key

CHUNK = 2_000


class Place(NamedTuple):
    """Where a view's totals by epoch lie, and since when they are to be compared."""

    view: FoldView
    lake: Table
    ids: tuple[str, ...]
    """The columns of a key: the first is that of the hash in Redis."""
    since: int | None
    """From this epoch on: batch has taken nothing of it away in Redis; None: from none."""


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
    settings: Settings,
    cache: redis.Redis,
    place: Place,
    through: int,
    *,
    keys: int,
    wait_s: float,
) -> Measured:
    """Of the epochs before `through`; at most about `keys` keys, having waited for `wait_s` seconds
    at most for the speed layer."""
    view = place.view
    epochs = range(first_epoch(settings, cache, place, through), through)
    behind = wait_for_speed(settings, cache, "folds", view.topics, epochs, wait_s)
    lake, share = lake_cells(settings, place, epochs, keys)
    hot = dict(hashes(cache, view, share))
    speed: dict[Cell, int] = {}
    for key, fields in hot.items():
        speed.update(speed_cells(key, fields, view.measures, epochs))
    return Measured(epochs, drifts(lake, speed), behind, share, hot)


def first_epoch(settings: Settings, cache: redis.Redis, place: Place, through: int) -> int:
    """The first epoch to compare: asked for, and its speed totals are still whole."""
    oldest = through - settings.speed_row_ttl_hours * 3600 // settings.epoch_seconds
    counted = cache.hget(COUNTED, COUNTED_FIELDS[0])
    return max(
        place.since if place.since is not None else through,
        int(counted) if counted is not None else through,
        oldest,
    )


def lake_cells(
    settings: Settings, place: Place, epochs: range, limit: int
) -> tuple[dict[Cell, int], float]:
    """What the lake says of these epochs, and the share of its keys that this is."""
    table = place.lake.open(settings).to_pyarrow_dataset()
    epoch = pc.field("epoch")
    rows = table.to_table(filter=(epoch >= epochs.start) & (epoch < epochs.stop))
    keys = pc.count_distinct(rows.column(place.ids[0])).as_py()
    share = min(1.0, limit / keys) if keys else 1.0
    columns = [rows.column(n).to_pylist() for n in (*place.ids, "measure", "epoch", "total")]
    cells = {
        Cell(_key(ids), measure, at): total
        for *ids, measure, at, total in zip(*columns, strict=True)
        if share == 1.0 or in_sample(ids[0], share)
    }
    return cells, share


def _key(ids: list[Any]) -> Any:
    return ids[0] if len(ids) == 1 else tuple(ids)


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
