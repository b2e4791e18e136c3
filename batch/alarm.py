"""What went wrong in a batch run, where everybody can read it?

    python -m batch.alarm DAG RUN {failed | late} [--task T] [--reason R]

Appends a row to the lake's `ledger/alarms`. Airflow calls it (`dags/alarms.py`) for a task that has
failed for good and for a run that is not done in time; `./starling status` tells the last of them.
The same alarm twice is one row.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from batch import command
from lake import ledgers, tables
from lake.commits import replace
from settings import Settings

KINDS = ("failed", "late")
REASON = 1_000  # characters that are kept
KEY = ("dag", "run_id", "alarm", "task")


def append(settings: Settings, row: dict[str, Any]) -> None:
    """Puts the alarm in the place of the same one."""
    rows = pa.RecordBatch.from_pylist([row], ledgers.ALARMS.columns)
    # Doubled quotes: ids of runs are whatever a person typed.
    same = " AND ".join(f"{name} = '{row[name].replace(chr(39), chr(39) * 2)}'" for name in KEY)
    replace(ledgers.ALARMS, settings, [rows], same)


def since(settings: Settings, at_ms: int) -> list[dict[str, Any]]:
    """The alarms since then, the newest first."""
    alarms = ledgers.ALARMS.open(settings).to_pyarrow_dataset()
    found = alarms.to_table(filter=pc.field("at_ms") >= at_ms)
    return list(found.sort_by([("at_ms", "descending")]).to_pylist())


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    row = {
        "at_ms": time.time_ns() // 1_000_000,
        "dag": asked.dag,
        "run_id": asked.run,
        "task": asked.task,
        "alarm": asked.alarm,
        "reason": asked.reason[:REASON],
    }
    append(settings, row)
    return row


def main() -> int:
    arguments = command.parser("batch.alarm", __doc__, through=False, view=False)
    arguments.add_argument("dag")
    arguments.add_argument("run", help="the run's id")
    arguments.add_argument("alarm", choices=KINDS)
    arguments.add_argument("--task", default="", help="the task that failed")
    arguments.add_argument("--reason", default="")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
