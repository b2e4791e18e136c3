"""Which DAGs does Airflow find? Runs in Airflow's environment and prints them as JSON."""

import json
import sys

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, BaseOperator
from airflow.sdk.definitions.timetables.assets import AssetTriggeredTimetable
from airflow.serialization.serialized_objects import DagSerialization


def describe(folder: str) -> dict[str, object]:
    bag = DagBag(folder)
    return {"errors": bag.import_errors, "dags": {d.dag_id: _dag(d) for d in bag.dags.values()}}


def _dag(dag: DAG) -> dict[str, object]:
    DagSerialization.to_dict(dag)  # raises for what the scheduler could not read back
    return {
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "listens_to": _assets(dag),
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "max_active_runs": dag.max_active_runs,
        "deadlines_s": [alert.interval.total_seconds() for alert in dag.deadline or ()],
        "tasks": {task.task_id: _task(task) for task in dag.topological_sort()},
    }


def _assets(dag: DAG) -> list[str]:
    if not isinstance(dag.timetable, AssetTriggeredTimetable):
        return []
    condition = dag.timetable.asset_condition
    return [asset.name for asset in getattr(condition, "objects", [condition])]


def _task(task: BaseOperator) -> dict[str, object]:
    return {
        "doc": task.doc_md,
        "owner": task.owner,
        "pool": task.pool,
        "retries": task.retries,
        "alarms": bool(task.on_failure_callback),
        "timeout_s": task.execution_timeout and task.execution_timeout.total_seconds(),
        "module": getattr(task, "module", None),
        "environment": getattr(task, "environment", None),
        "arguments": getattr(task, "arguments", []),
        "outlets": [asset.name for asset in task.outlets],
        "downstream": sorted(task.downstream_task_ids),
    }


if __name__ == "__main__":
    print(json.dumps(describe(sys.argv[1])))
