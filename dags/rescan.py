"""### What would the scorer of today say of older tweets?

Start it by hand (▶ *Trigger*) after the models, the lists of links or the thresholds of moderation
have changed, and choose since which day. It scores the tweets of **silver** whose last score is by
another version, and tells the log of those of which another action follows. What people decided
stands, but for links that are forbidden since.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Param

from dags.command import Command
from dags.on_demand import ON_DEMAND

with DAG(
    dag_id="rescan",
    dag_display_name="on demand: re-scan tweets",
    description="Score older tweets again, by the models and lists of today",
    doc_md=__doc__,
    params={
        "since": Param(
            "2026-01-01",
            type="string",
            format="date",
            title="Since",
            description="The first day whose tweets are scored (UTC)",
        ),
        "all": Param(
            False,
            type="boolean",
            title="All",
            description="Also where the last score is by the same version",
        ),
    },
    **ON_DEMAND | {"tags": ["on demand", "moderation"]},
):
    Command(
        task_id="rescan",
        module="batch.rescan",
        environment="app",
        arguments=["--since", "{{ params.since }}", "{{ '--all' if params.all else '--stale' }}"],
        execution_timeout=timedelta(hours=2),
        doc_md="""Appends `TweetScored` of tweets whose action changes; a core scores about 150 a
second, so a million in the two hours that it has. After more, start it again: it goes on.

**Safe to kill and run again**: what was told is told once more, or not any more.""",
    )
