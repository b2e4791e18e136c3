"""### Up to which epoch is the log closed and archived?

Each hour the newest closed epoch is chosen, and the run waits until the archiver has every record
before it in the lake's **bronze** table. That epoch, `through`, is the partition of the asset event
and of everything that follows:

`hourly_land` → *bronze* → `hourly_audit` → *silver* → `hourly_publish` → *served*, *drift*

Start this DAG by hand to run the whole chain now. An epoch is a five-minute slice of the log, by
the broker's clock; the number is the count of slices since 1970.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from dags import alarms
from dags.assets import BRONZE
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="hourly_land",
    dag_display_name="hourly 1: land",
    description="Close an epoch and wait until the archive covers it",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 * * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=50),
    deadline=alarms.HOURLY,
    default_args=DEFAULTS,
    tags=["hourly", "lake"],
):
    Command(
        task_id="land",
        environment="app",
        module="batch.land",
        outlets=[BRONZE],
        execution_timeout=timedelta(minutes=10),
        doc_md="""Decides `through`, the newest closed epoch, and waits until the archiver has
landed every record before it. Reads the log's end offsets and the archive's watermark, writes
nothing: run it as often as you like.

**When it fails** the archiver is behind or down: see `./starling status` and `./starling logs
archiver`.""",
    )
