"""Has the speed layer applied what is to be compared? A layer that lags is late, not wrong."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pyarrow.compute as pc
import redis

from ingest.positions import applied_key
from lake import tables
from settings import Settings

TURN_SECONDS = 0.2


def wait_for_speed(
    settings: Settings,
    cache: redis.Redis,
    job: str,
    topics: Iterable[str],
    epochs: range,
    timeout_s: float,
) -> int:
    """Waits until the job has applied all that silver holds of these topics and epochs; returns how
    many records it is behind when `timeout_s` is over."""
    ends: dict[str, int] = {}
    for topic in topics:
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
        applied = {k.decode(): int(v) for k, v in cache.hgetall(applied_key(job)).items()}
        behind = sum(max(0, end - applied.get(place, -1)) for place, end in ends.items())
        if not behind or time.monotonic() > deadline:
            return behind
        time.sleep(TURN_SECONDS)
