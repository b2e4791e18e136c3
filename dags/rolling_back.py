"""What have the DAGs in common that make a generation, or go back to the one before?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param

from dags import alarms
from dags.command import DEFAULTS

COMMON: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(hours=3),
    "deadline": alarms.DAILY,
    "default_args": DEFAULTS,
    "params": {
        "rollback": Param(
            False,
            type="boolean",
            title="Roll back",
            description="Go back to the generation before, instead of making a new one.",
        )
    },
}
STEP = "{{ 'rollback' if params.rollback else 'advance' }}"


def weekly(hour: int) -> CronTriggerTimetable:
    """On Sundays, half past, so that it never meets the start of an hourly run."""
    return CronTriggerTimetable(f"30 {hour} * * 0", timezone="UTC", run_immediately=timedelta(0))


def daily(hour: int) -> CronTriggerTimetable:
    return CronTriggerTimetable(f"30 {hour} * * *", timezone="UTC", run_immediately=timedelta(0))
