"""Computes every view of a lake by Spark, in one session. Runs in the batch environment.

    python -m tests.batch.run_spark THROUGH... PARAMETERS

Folds go to gold, one run after the other, all but the last of two views: they show that later runs
build on earlier ones, and each costs. What holds for each key, the home timelines, and what
SnapshotViews decide by the parameters (JSON) are printed as JSON.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal

import settings as settings_module
from batch import fold, logs, states
from batch.session import session
from views.registry import SNAPSHOTS, fold_views, state_views

FIRST = 2  # views


def main(runs: list[int], parameters: dict[str, float]) -> None:
    settings = settings_module.load()
    with session(settings, "test") as spark:
        since: dict[str, list[int]] = {view.name: [] for view in fold_views()}
        for through in runs:
            views = fold_views() if through == runs[-1] else fold_views()[:FIRST]
            for name, done in fold.fold_all(spark, settings, views, through).items():
                since[name].append(done["since"])
        rows: dict[str, list[list[object]]] = {view.name: [] for view in state_views()}
        for r in states.latest(spark, settings, state_views()).collect():
            rows[r.view].append([r.key, r.row, r.pos])
        home = {r.reader: r.ids for r in states.home_timelines(spark, settings).collect()}
        own = {r.reader: r.ids for r in states.user_timelines(spark, settings).collect()}
        snapshots = {}
        for view in SNAPSHOTS:
            versions = logs.versions(settings, view.topics, through)
            logs.register(spark, settings, versions, through)
            for name, selected in view.inputs(parameters):
                spark.sql(selected).createOrReplaceTempView(name)
            names = (*view.key, *view.columns)
            decided = spark.sql(view.sql).select(*names).collect()
            snapshots[view.name] = [[*map(plain, row)] for row in decided]
    made = {"rows": rows, "home": home, "own": own, "snapshots": snapshots}
    print(json.dumps(made | {"since": since, "through": runs}))


def plain(value: object) -> object:
    """Spark divides decimals exactly; JSON knows only floats."""
    return float(value) if isinstance(value, Decimal) else value


if __name__ == "__main__":
    main([int(through) for through in sys.argv[1:-1]], json.loads(sys.argv[-1]))
