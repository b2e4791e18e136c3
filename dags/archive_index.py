"""### Do old months of the search engine take less, and are they found still?

On the second of each month what is older than `search_months` is joined into one segment, packed
smaller and closed to writes. Recent search does not look at it, search of all time does.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags import alarms
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="archive_index",
    dag_display_name="monthly: archive the index",
    description="Put old months of the search engine to rest",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("15 4 2 * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.DAILY,
    default_args=DEFAULTS,
    tags=["monthly", "search"],
):
    Command(
        task_id="archive",
        module="realtime.archive_index",
        environment="app",
        execution_timeout=timedelta(hours=2),
        doc_md="""Month by month, those that are not at rest.

**Safe to kill and run again**: each step may be done twice.""",
    )
