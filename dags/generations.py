"""Which authors, and which edges, are pulled at read instead of pushed at once? Two DAGs."""

from __future__ import annotations

from airflow.sdk import DAG

from dags.command import Command
from dags.rolling_back import COMMON, STEP, daily, weekly

SAFE = """

What differs from what the log last said is appended as events, and the speed layer goes by those.
The rows, what they were made of and the pointer are in the lake: `ledger/generations`,
`ledger/pointers`.

**Safe to kill and run again**: what stands is always one whole generation, and a run tells the log
what an earlier one did not come to. **Roll back** by a run with the parameter `rollback`."""


def decide(view: str, doc: str) -> Command:
    """Brings silver up to the end of the log first, so it waits for the slot of those who do."""
    return Command(
        task_id="decide",
        environment="app",
        module="batch.generations",
        arguments=[view, STEP],
        pool="spark",
        doc_md=doc + SAFE,
    )


with DAG(
    dag_id="classify",
    dag_display_name="weekly: classify authors",
    description="Recount followers and decide who is pulled at read",
    doc_md="""### Who has so many followers that readers pull, instead of everyone being pushed to?

Each week, and whenever you start it, every author's followers are recounted from the lake. From
10,000 on an author is pulled, and pushed again below 9,000 (settings `celebrity_followers` and
`celebrity_keep_followers`). No reader sees a tweet twice or misses one while an author changes.""",
    schedule=weekly(4),
    tags=["weekly", "views"],
    **COMMON,
):
    decide("celebrities", "Makes a new generation of `gold/celebrities`, or goes back to the last.")

with DAG(
    dag_id="plan",
    dag_display_name="daily: plan edges",
    description="Decide edge by edge whether to push or to pull",
    doc_md="""### Over which edges is it cheaper that the reader pulls than that the author pushes?

Each night, and whenever you start it, the reads of each reader and the posts of each author in the
last seven days are weighed by what a push and a pull cost (settings `push_cost_us` and
`pull_cost_us`). Readers who did not read for seven days pull all; others `pulled_edges_max` authors
at most.""",
    schedule=daily(5),
    tags=["daily", "views"],
    **COMMON,
):
    decide("edge_plan", "Makes a new generation of `gold/edge_plan`, or goes back to the last.")
