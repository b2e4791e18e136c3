"""### How does one view come back from the lake alone?

Start it by hand (▶ *Trigger*) and choose the view. Its rows in Redis and Cassandra are dropped and
restored from **silver**, whatever kind of view it is: counts, timelines, tweets, users. While it
runs, readers get what the speed layer still holds. `./starling rebuild VIEW` is the same command.
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
    description="Drop one view and restore it from the lake alone",
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
        doc_md="""Restores the view's rows from the lake and verifies them.

**Safe to kill and run again**: it starts over.""",
    )
