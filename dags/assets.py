"""What do the DAGs hand to each other?

Every event of these assets carries a partition: the epoch `through` (exclusive) up to which the
asset is complete. It is decided once, when `hourly_land` closes an epoch, and every later run is
the run of that partition.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowFailException

BRONZE = Asset("bronze", uri="starling://lake/bronze", group="lake")
SILVER = Asset("silver", uri="starling://lake/silver", group="lake")
SERVED = Asset("served", uri="starling://stores/views", group="stores")
FEATURES = Asset("features", uri="starling://stores/features", group="stores")
DRIFT = Asset("drift", uri="starling://lake/drift", group="lake")

THROUGH = ("--through", "{{ through(dag_run) }}")


def through(dag_run: Any) -> str:
    """The epoch of a run. Raises for one started by hand without it: nobody guesses."""
    if dag_run.partition_key is None:
        raise AirflowFailException(
            "this run has no partition: start `hourly 1: land`, or trigger with an epoch as the "
            "partition key"
        )
    return str(dag_run.partition_key)
