"""### How many people are usual for each tag, in each place and hour of the week?

Each night the uses of tags in the last four weeks are recounted from **silver**, written to
`gold/tag_baselines` and given to Redis, where the board of trends looks them up: what more people
use than is usual trends. Until the first run nothing is usual.
"""

from __future__ import annotations

from airflow.sdk import DAG

from dags.command import Command
from dags.rolling_back import COMMON, STEP, daily

with DAG(
    dag_id="tag_baselines",
    dag_display_name="daily: tag baselines",
    description="Recount how many people are usual for each tag",
    doc_md=__doc__,
    schedule=daily(0),
    tags=["daily", "trends"],
    **COMMON,
):
    Command(
        task_id="recount",
        environment="app",
        module="batch.tag_baselines",
        arguments=[STEP],
        pool="spark",
        doc_md="""Brings silver up to the end of the log, so it waits for the slot of those who do.

**Safe to kill and run again**: a generation is written whole before anybody reads it. **Roll back**
by a run with the parameter `rollback`.""",
    )
