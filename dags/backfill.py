"""### How is one count recomputed, now?

Start it by hand (▶ *Trigger*) and choose the view. Leave `through` empty for the newest epoch that
passed its audit. It folds, publishes and compares that view alone, with the commands of
*hourly 3: publish*, whose tasks it never meets: both wait for the one `spark` slot.

Use it after a change to a view's SQL, or when the drift ledger shows a view that does not return to
zero. For timelines, tweets and users, and for stores that lost their rows: *on demand: rebuild*.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowFailException

from dags.assets import SILVER
from dags.command import Command
from dags.on_demand import ON_DEMAND, one_of
from views.registry import fold_views

ARGUMENTS = ("--through", "{{ ti.xcom_pull('choose') }}", "--view", "{{ params.view }}")

with DAG(
    dag_id="backfill",
    dag_display_name="on demand: backfill",
    description="Fold, publish and compare one count again",
    doc_md=__doc__,
    params={
        "view": one_of(fold_views(), "One of the counts in views/registry.py"),
        "through": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Through",
            description="Epoch, exclusive. Empty: the newest audited. Never goes back.",
        ),
    },
    **ON_DEMAND,
):

    @task(
        inlets=[SILVER],
        doc_md="""Settles the epoch once, so that a retry of a later task works on the same: the
parameter `through`, or the partition of the newest *silver* event.""",
    )
    def choose(*, params: dict[str, Any], inlet_events: Any) -> int:
        if params["through"] is not None:
            return int(params["through"])
        newest = list(inlet_events[SILVER].ascending(False).limit(1))
        if not newest:
            raise AirflowFailException("no epoch has passed its audit yet: run `hourly 1: land`")
        return int(newest[0].partition_key)

    fold = Command(
        task_id="fold",
        module="batch.fold",
        arguments=(*ARGUMENTS, "--full"),
        doc_md="Folds this one view over the whole of silver before the epoch, from the first on.",
    )
    publish = Command(
        task_id="publish",
        module="batch.publish",
        arguments=ARGUMENTS,
        doc_md="Publishes this one view, verifies its rows, then advances its pointer.",
    )
    compare = Command(
        task_id="compare",
        module="batch.compare",
        arguments=ARGUMENTS,
        doc_md="Compares this one view with what the speed layer said; appends to the ledger.",
    )
    choose() >> fold >> publish >> compare
