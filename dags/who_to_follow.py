"""### Whom should everybody follow?

Each night the follows that stand, and the tags that people use and like, are read from **silver**.
For each who follows anybody or cares for a tag, 20 people are ranked by what the graph itself
teaches. The rows, each with its reason, go to `gold/who_to_follow` and to Cassandra, a generation
at a time: it is read only once all of it is there. More: `docs/suggestions.md`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG

from dags.command import Command
from dags.rolling_back import COMMON, STEP, daily

with DAG(
    dag_id="who_to_follow",
    dag_display_name="daily: whom to follow",
    description="Rank whom everybody should follow",
    doc_md=__doc__,
    schedule=daily(3),
    tags=["daily", "views"],
    **COMMON,
):
    Command(
        task_id="rank",
        module="batch.who_to_follow",
        arguments=[STEP],
        pool="spark",
        execution_timeout=timedelta(hours=2),
        doc_md="""Brings silver up to the end of the log, so it waits for the slot of those who do.

**Safe to kill and run again**: a generation is written whole before anybody reads it. **Roll back**
by a run with the parameter `rollback`.""",
    )
