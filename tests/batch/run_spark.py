"""Computes every view of a lake by Spark, in one session. Runs in the batch environment.

    python -m tests.batch.run_spark THROUGH

Folds go to gold; what holds for each key, and the home timelines, are printed as JSON.
"""

from __future__ import annotations

import json
import sys

import settings as settings_module
from batch import fold, logs, states
from batch.session import session
from views.registry import fold_views, state_views


def main(through: int) -> None:
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
    print(json.dumps({"rows": rows, "home": home, "own": own}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
