"""### How does one view come back from the lake alone?

Start it by hand (▶ *Trigger*) and choose the view: counts, timelines, tweets or users. It waits
until the archive holds all of the log, recomputes the view from **silver** and writes every row of
it to Cassandra and Redis. Nothing is dropped first, so readers notice nothing but the repair; for
a store that must be emptied, use `./starling rebuild VIEW`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG

from dags.command import Command
from dags.on_demand import ON_DEMAND, one_of
from views.registry import VIEWS

with DAG(
    dag_id="rebuild",
    dag_display_name="on demand: rebuild",
    description="Restore every row of one view from the lake alone",
    doc_md=__doc__,
    params={"view": one_of(VIEWS, "One of those in views/registry.py")},
    **ON_DEMAND,
):
    Command(
        task_id="rebuild",
        module="batch.rebuild",
        arguments=["{{ params.view }}"],
        execution_timeout=timedelta(hours=2),
        doc_md="""Writes the view's rows to the stores, as the lake has them.

**Safe to kill and run again**: it starts over.""",
    )
