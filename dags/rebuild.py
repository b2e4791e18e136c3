"""### How does one view come back from the lake alone?

Start it by hand (▶ *Trigger*) and choose the view: counts, timelines, tweets or users. It waits
until the archive holds all of the log, recomputes the view from **silver** and writes every row of
it to Cassandra and Redis. Nothing is dropped first, so readers notice nothing but the repair; for
a store that must be emptied, use `./starling rebuild VIEW`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Param

from dags.command import DEFAULTS, Command
from views.registry import VIEWS

NAMES = [view.name for view in VIEWS]

with DAG(
    dag_id="rebuild",
    dag_display_name="on demand: rebuild",
    description="Restore every row of one view from the lake alone",
    doc_md=__doc__,
    schedule=None,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    default_args=DEFAULTS,
    tags=["on demand", "views"],
    params={
        "view": Param(
            NAMES[0],
            type="string",
            enum=NAMES,
            title="View",
            description="One of those in views/registry.py",
        ),
    },
):
    Command(
        task_id="rebuild",
        module="batch.rebuild",
        arguments=["{{ params.view }}"],
        execution_timeout=timedelta(hours=2),
        doc_md="""Writes the view's rows to the stores, as the lake has them.

**Safe to kill and run again**: it starts over.""",
    )
