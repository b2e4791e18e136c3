"""What does a task make of its command? Runs in Airflow's environment, prints JSON by module."""

import json
import sys
from collections import defaultdict
from types import SimpleNamespace

from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowFailException

from dags.command import Command


def outcome(module: str) -> dict[str, object]:
    asset = Asset("something")
    partitions: list[str] = []
    event = SimpleNamespace(extra={}, add_partitions=partitions.append)
    task = Command(task_id="t", environment="app", module=module, outlets=[asset])
    try:
        result = task.execute({"outlet_events": defaultdict(lambda: event)})
    except Exception as error:
        final = isinstance(error, AirflowFailException)
        return {"raised": str(error), "final": final, "partitions": partitions}
    return {"result": result, "extra": event.extra, "partitions": partitions}


if __name__ == "__main__":
    print("\n" + json.dumps({module: outcome(module) for module in sys.argv[1:]}))
