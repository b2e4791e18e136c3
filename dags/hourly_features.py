"""### What may models know of users, tweets and pairs?

Runs for the partition that has just been **served**. What people did is folded from **silver**
epoch by epoch, the values of all features that came of it are added to `gold/features_users`,
`_tweets` and `_pairs` with the time from which they could be known, and are held to expectations
and to what the speed layer saw. Only then Redis gets them, as **features**, for those who ask
online: `docs/features.md`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable

from dags import alarms
from dags.assets import FEATURES, SERVED, THROUGH, through
from dags.command import DEFAULTS, Command

with DAG(
    dag_id="hourly_features",
    dag_display_name="hourly 4: features",
    description="Make features, hold them to expectations, publish them for models online",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SERVED),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=alarms.HOURLY,
    # Who waits for the same slot goes first: readers before models.
    default_args=DEFAULTS | {"priority_weight": 1, "weight_rule": "absolute"},
    user_defined_macros={"through": through},
    tags=["hourly", "features"],
):
    make = Command(
        task_id="make",
        module="batch.features",
        arguments=THROUGH,
        doc_md="""Adds the rows of the epochs since the last run to `gold/features_<entity>`.

**Safe to kill and run again**: it replaces, it does not append. `python -m batch.features --full`
in the batch environment makes all of them anew, after a change of a definition.""",
    )
    audit = Command(
        task_id="audit",
        module="batch.feature_quality",
        arguments=THROUGH,
        doc_md="""Holds the newest rows, and how fresh they are, to `lake/expectations/features.py`.
        A failed
critical one fails this task at once, and nothing is published; each result is a row of
`ledger/features_quality`.""",
    )
    drift = Command(
        task_id="drift",
        environment="app",
        module="batch.feature_drift",
        arguments=THROUGH,
        doc_md="""Holds what people did since the last run against what the speed layer said of the
        same epochs, and adds the difference to the drift ledger. Above the setting
        `drift_stops_percent` it fails at once, and **no feature is published**: what is asked
        online is made of both layers.

**Safe to kill and run again**: the rows of a run replace those of the same run.""",
    )
    publish = Command(
        task_id="publish",
        environment="app",
        module="batch.feature_tiles",
        arguments=THROUGH,
        outlets=[FEATURES],
        doc_md="""Gives Redis the tiles of whoever did something, reads them back, and then moves
        the pointer.

**Safe to kill and run again**: readers take nothing of a run before the pointer has moved.""",
    )
    make >> audit >> drift >> publish
