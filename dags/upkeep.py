"""### Does the lake stay quick to read and within its disk?

Each night small files are joined and files that no version within the retention needs are removed.
Time travel keeps working as far back as the retention says.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags import alarms
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="upkeep",
    dag_display_name="daily: upkeep",
    description="Join small files and remove what no retained version needs",
    doc_md=__doc__,
    # Half past, so that it never meets the start of an hourly run.
    schedule=CronTriggerTimetable("30 3 * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.DAILY,
    default_args=DEFAULTS,
    tags=["daily", "lake"],
):
    Command(
        task_id="upkeep",
        module="batch.upkeep",
        execution_timeout=timedelta(hours=2),
        doc_md="""`OPTIMIZE`, then `VACUUM` with a retention that protects time travel, table by
table. Holds the `spark` slot, so hourly Spark tasks wait for it.

**Safe to kill and run again**: both are transactions of the Delta log.""",
    )
