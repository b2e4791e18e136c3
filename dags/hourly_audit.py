"""### Can the history be trusted?

Runs for the partition that **bronze** has just completed. Bronze becomes typed, deduplicated
**silver**; then both are held to their expectations (Great Expectations). Only a passed audit
causes an event of *silver*: **after a failed expectation nothing is folded and nothing is
published**, readers keep the last good answer merged with the speed layer's, and the task's error
names the table, the expectation and the rows.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable

from dags.assets import BRONZE, SILVER, THROUGH, through
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="hourly_audit",
    dag_display_name="hourly 2: audit",
    description="Make silver of bronze and hold both to their expectations",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=BRONZE),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    default_args=DEFAULTS,
    user_defined_macros={"through": through},
    tags=["hourly", "lake"],
):
    silver = Command(
        task_id="silver",
        module="batch.silver",
        arguments=THROUGH,
        doc_md="""Reads the records of bronze that are not in silver yet, drops repeats of the
same topic, partition and offset, and appends typed rows, one table a topic.

**Safe to kill and run again**: a row is identified by its place in the log.""",
    )
    quality = Command(
        task_id="quality",
        module="batch.quality",
        arguments=THROUGH,
        outlets=[SILVER],
        doc_md="""Holds bronze and silver to the expectations in `lake/`. A failed critical
expectation fails this task at once, without retries, and names itself in the error.

**When it fails** look at the rows it names, mend the cause (most often a producer), and clear this
task; or trigger *hourly 1: land* for a newer epoch.""",
    )
    silver >> quality
