"""Can the features that were just made be given to anybody?

    python -m batch.feature_quality --through E

Holds the newest rows of `gold/features_<entity>` against `lake/expectations/features.py`, by Great
Expectations: no nulls, nothing below zero, each value known when it says, a longer window never
less than a shorter one; and that every table is as fresh as it should be. A failed critical one
ends the command with 65, and nothing is published. Each result is a row of
`ledger/features_quality`.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch import command
from batch.quality import ExpectationFailed, audit, sentence
from batch.quality_frames import Audit, frame
from lake import ledgers, tables
from lake.commits import last_run, replace
from lake.expectations import features
from settings import Settings
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.windows import Clock

MOST = 200_000  # rows of a table that are looked at
RECENT_MS = 86_400_000  # those of the last day


def newest(settings: Settings, table: FeatureTable, clock: Clock, through: int) -> pd.DataFrame:
    """The rows of the last day, as many as are looked at, with `known_ms`."""
    since = through - RECENT_MS // clock.epoch_ms
    rows = tables.features(table).open(settings).to_pyarrow_dataset()
    found = frame(rows.head(MOST, filter=pc.field("through") > since).drop_columns(["day"]))
    found["known_ms"] = found["through"] * clock.epoch_ms + clock.delay_ms
    return found


def freshness(settings: Settings, clock: Clock, through: int, now_ms: int) -> pd.DataFrame:
    rows = []
    for table in FEATURE_TABLES:
        last = last_run(tables.features(table), settings)
        done = last.through if last else 0
        minutes = (now_ms - done * clock.epoch_ms) / 60_000
        rows.append((table.name, max(0, through - done), minutes))
    return pd.DataFrame(rows, columns=["table", "epochs_behind", "minutes_old"])


def audits(settings: Settings, through: int, now_ms: int) -> list[Audit]:
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    return [
        *(
            (f"gold/features_{t.name}", newest(settings, t, clock, through), features.of_table(t))
            for t in FEATURE_TABLES
        ),
        ("features", freshness(settings, clock, through, now_ms), features.FRESHNESS),
    ]


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    now_ms = time.time_ns() // 1_000_000
    results = audit(audits(settings, asked.through, now_ms))
    said = {"through": asked.through, "measured_at_ms": now_ms}
    rows = pa.RecordBatch.from_pylist([r | said for r in results], ledgers.FEATURES_QUALITY.columns)
    replace(ledgers.FEATURES_QUALITY, settings, [rows], f"through = {asked.through}")
    failed = [r for r in results if not r["passed"]]
    if stopping := [r for r in failed if r["severity"] == "critical"]:
        raise ExpectationFailed("; ".join(map(sentence, stopping)))
    return {
        "through": asked.through,
        "expectations": len(results),
        "warnings": [sentence(r) for r in failed],
    }


def main() -> int:
    return command.run(work, command.parser("batch.feature_quality", __doc__, view=False))


if __name__ == "__main__":
    sys.exit(main())
