"""### Can the history be trusted?

Runs for the partition that **bronze** has just completed. Bronze becomes typed, deduplicated
**silver**; then both are held to their expectations (Great Expectations). Only a passed audit
causes an event of *silver*: **after a failed expectation nothing is folded and nothing is
published**, readers keep the last good answer merged with the speed layer's, and the task's error
names the table, the expectation and the rows.
"""

from __future__ import annotations

import os
from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable

from dags import alarms
from dags.assets import BRONZE, SILVER, THROUGH, through
from dags.command import DEFAULTS, Command

PAGE = os.environ.get("STARLING_QUALITY_PAGE", "quality/index.html")
DATA_DOCS = f"""
[What the last audit found]({PAGE}): each expectation with its reason, the rows that were looked at
and examples of those that failed. Beside it lies the page of every audit before, by its epoch; each
task's result names its own (`report`).
"""

with DAG(
    dag_id="hourly_audit",
    dag_display_name="hourly 2: audit",
    description="Make silver of bronze and hold both to their expectations",
    doc_md=f"{__doc__}{DATA_DOCS}",
    schedule=PartitionedAssetTimetable(assets=BRONZE),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.HOURLY,
    default_args=DEFAULTS,
    user_defined_macros={"through": through},
    tags=["hourly", "lake"],
):
    silver = Command(
        task_id="silver",
        module="batch.silver",
        arguments=THROUGH,
        doc_md="""Replaces the epochs from a little before the last run up to this one by what
bronze says of them: typed rows, one table a topic, each place in the log once. What is no event is
set apart in `silver/rejected` with its reason.

**Safe to kill and run again**: it replaces, it does not append.""",
    )
    quality = Command(
        task_id="quality",
        module="batch.quality",
        arguments=THROUGH,
        outlets=[SILVER],
        doc_md="""Holds the epochs that no audit has passed yet to the expectations in
`lake/expectations/`. A failed critical one fails this task at once, without retries, and its error
names the table, the expectation, the rows and the report. Every result is a row of the lake's
`ledger/quality`.

**When it fails** mend the cause as the operator's guide says, then clear the whole run.""",
    )
    silver >> quality
