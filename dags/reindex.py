"""### How does the search engine's index come back from the lake alone?

Start it by hand (▶ *Trigger*). A new generation of indices is filled from **silver** and the log
while the present one is asked, counted against it, and asked from then on. `./starling reindex
--rollback` has the one before asked again.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG

from dags.command import Command
from dags.on_demand import ON_DEMAND

with DAG(
    dag_id="reindex",
    dag_display_name="on demand: reindex",
    description="Make the search engine's index anew from the lake",
    doc_md=__doc__,
    **ON_DEMAND,
):
    Command(
        task_id="reindex",
        module="realtime.reindex",
        environment="app",
        execution_timeout=timedelta(hours=2),
        doc_md="""Writes a new generation and changes the aliases.

**Safe to kill and run again**: what was begun is dropped; nobody asks it before it is whole.""",
    )
