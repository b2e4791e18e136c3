"""Who is told when a task has failed for good, or a run is not done in time?

Each of it is a row of the lake's `ledger/alarms`, which `./starling status` tells of. A deadline
counts from when the run was queued, so a run that waits behind a stuck one is late too.
"""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DeadlineAlert, DeadlineReference, SyncCallback

REPOSITORY = Path(__file__).resolve().parent.parent
SECONDS = 120  # of writing one row


def failed(context: dict[str, Any]) -> None:
    """Airflow calls it once a task will not be tried again."""
    task, run = context["task_instance"], context["run_id"]
    reason = str(context.get("exception") or "killed from outside")
    _alarm(task.dag_id, run, "failed", "--task", task.task_id, "--reason", reason)


def late(context: dict[str, Any]) -> None:
    """Airflow calls it once a run has missed its deadline."""
    run, due = context["dag_run"], context["deadline"]["deadline_time"]
    _alarm(run["dag_id"], run["dag_run_id"], "late", "--reason", f"was due at {due}")


def within(interval: timedelta) -> DeadlineAlert:
    """The deadline of a DAG."""
    queued = DeadlineReference.DAGRUN_QUEUED_AT
    return DeadlineAlert(reference=queued, interval=interval, callback=SyncCallback(late))


HOURLY = within(timedelta(minutes=50))  # done before the next one begins
DAILY = within(timedelta(hours=2))
ON_DEMAND = within(timedelta(hours=4))


def _alarm(*arguments: str) -> None:
    python = os.environ["STARLING_PYTHON_APP"]
    command = [python, "-m", "batch.alarm", *arguments]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=SECONDS)
