"""### What do readers get from the batch layer, and did the speed layer agree?

Runs for the partition that has just passed its audit. Every view is folded where **silver** has
changed since the last run. Where both layers agree well enough, its rows are published to
Cassandra and Redis and verified, and only then `through` advances: a reader never sees half a run.
At the end what the speed layer would have answered is compared with what the lake says, and the
difference goes to the **drift** ledger.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable

from dags import alarms
from dags.assets import DRIFT, SERVED, SILVER, THROUGH, through
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="hourly_publish",
    dag_display_name="hourly 3: publish",
    description="Fold every view, hold it against the speed layer, publish, advance, compare",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SILVER),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.HOURLY,
    default_args=DEFAULTS,
    user_defined_macros={"through": through},
    tags=["hourly", "views"],
):
    fold = Command(
        task_id="fold",
        module="batch.fold",
        arguments=THROUGH,
        doc_md="""Folds silver into the gold table of every registered view, complete through the
run's epoch, with the very SQL that the speed layer runs. All of history is folded by *on demand:
backfill*.

**Safe to kill and run again**: the rows of an epoch replace the rows of the same epoch.""",
    )
    drift = Command(
        task_id="drift",
        module="batch.drift_gate",
        arguments=THROUGH,
        doc_md="""Holds the new totals against what the speed layer said of the same epochs. Above
the setting `drift_stops_percent` it fails at once, without retries: **nothing is published**, and
readers keep the last totals merged with the speed layer's.

**When it fails** its error names the view, the epoch and a key; the operator's guide says how to
find out which layer is wrong. It writes nothing.""",
    )
    publish = Command(
        task_id="publish",
        module="batch.publish",
        arguments=THROUGH,
        outlets=[SERVED],
        doc_md="""Writes the gold rows to Cassandra and Redis, reads them back, and then advances
the pointer `through:<view>`. Rows written before a crash are invisible until the pointer moves.

**Safe to kill and run again**: publishing twice is publishing once.""",
    )
    compare = Command(
        task_id="compare",
        module="batch.compare",
        arguments=THROUGH,
        outlets=[DRIFT],
        doc_md="""Compares, view by view and epoch by epoch, what the speed layer said with what
the lake says and appends the result to the drift ledger. Its summary is this task's XCom and the
`extra` of the asset event. Drift of a count is healed by the publication itself, that of rows by
*on demand: rebuild*; a figure that does not return to zero is a defect in a view or a sink.""",
    )
    fold >> drift >> publish >> compare
