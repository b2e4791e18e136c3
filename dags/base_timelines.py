"""### What do readers get while Redis is gone, and what is a lost timeline built from?

Each night every home timeline is computed anew from **silver** and written to Cassandra's table
`home_base`, packed, with the time it is as of. While Redis answers nobody looks there. When it was
lost, pages come from there at once, marked as of that time, and the timeline is built from it.

A day old is fresh enough: what came later is pulled from the authors when a timeline is built.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags import alarms
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="base_timelines",
    dag_display_name="daily: base timelines",
    description="Compute every home timeline anew, for when Redis is lost",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 6 * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.DAILY,
    default_args=DEFAULTS,
    tags=["daily", "views"],
):
    Command(
        task_id="write",
        module="batch.base_timelines",
        execution_timeout=timedelta(hours=2),
        doc_md="""Waits until the archive holds all of the log, computes all home timelines by Spark
and writes each to Cassandra. Redis is not touched.

**Safe to kill and run again**: a row is whole, and says when it was written.""",
    )
