"""Computes every view of a lake by Spark, in one session. Runs in the batch environment.

    python -m tests.batch.run_spark THROUGH PARAMETERS

Folds go to gold; what holds for each key, the home timelines, and what SnapshotViews decide by the
parameters (JSON) are printed as JSON.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal

import settings as settings_module
from batch import fold, logs, states
from batch.session import session
from views.registry import SNAPSHOTS, fold_views, state_views


def main(through: int, parameters: dict[str, float]) -> None:
    settings = settings_module.load()
    with session(settings, "test") as spark:
        topics = dict.fromkeys(topic for view in fold_views() for topic in view.topics)
        logs.register(spark, settings, topics, through)
        for view in fold_views():
            fold.fold(spark, settings, view, through)
        rows: dict[str, list[list[object]]] = {view.name: [] for view in state_views()}
        for r in states.latest(spark, settings, state_views()).collect():
            rows[r.view].append([r.key, r.row, r.pos])
        home = {r.reader: r.ids for r in states.home_timelines(spark, settings).collect()}
        own = {r.reader: r.ids for r in states.user_timelines(spark, settings).collect()}
        snapshots = {}
        for view in SNAPSHOTS:
            logs.register(spark, settings, view.topics, through)
            for name, selected in view.inputs(parameters):
                spark.sql(selected).createOrReplaceTempView(name)
            names = (*view.key, *view.columns)
            decided = spark.sql(view.sql).select(*names).collect()
            snapshots[view.name] = [[*map(plain, row)] for row in decided]
    print(json.dumps({"rows": rows, "home": home, "own": own, "snapshots": snapshots}))


def plain(value: object) -> object:
    """Spark divides decimals exactly; JSON knows only floats."""
    return float(value) if isinstance(value, Decimal) else value


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
