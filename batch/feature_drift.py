"""Did the speed layer see the acts that features are made of?

    python -m batch.feature_drift --through E

Holds what people did in the epochs since features were last published, as it was just folded,
against what the speed layer said of the same epochs: online features are made of both
(`serving/features.py`). The difference goes to `ledger/drift` under the name of the activity. Where
it is more than may be published (`batch/drift_gate.py`), the command fails with 65 and no feature
is published; nor by a later run, which compares the same epochs again. What the speed layer has not
counted yet, or Redis lost, says nothing, and stops nobody.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from batch import command
from batch.compare_totals import Place, measured
from batch.drift import told
from batch.drift_gate import require
from batch.ledger import append
from batch.stores import redis_client
from lake import tables
from settings import Settings
from views.features import stored
from views.features.tables import FEATURE_TABLES


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    done, found, late = {}, {}, {}
    with redis_client(settings) as cache:
        pointer = cache.get(stored.POINTER)  # what is older was taken away when it moved there
        for table in FEATURE_TABLES:
            name = table.view.name
            place = Place(
                table.view,
                tables.activity(table),
                table.entity,
                since=None if pointer is None else int(pointer),
            )
            said = measured(
                settings, cache, place, asked.through, keys=asked.keys, wait_s=asked.wait
            )
            if said.records_behind:
                late[name] = said.records_behind
                continue
            if said.epochs:  # the first publication has nothing to be compared with
                append(settings, name, asked.through, said.found, since=said.epochs.start)
            found[name] = said.found
            done[name] = {"epochs": len(said.epochs), **told(said.found)}
    percent = require(settings, found)
    return {"through": asked.through, "activities": done, "percent": percent, "late": late}


def main() -> int:
    arguments = command.parser("batch.feature_drift", __doc__, view=False)
    command.add_limits(arguments)
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
