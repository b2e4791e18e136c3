"""Do the stores say of each row that changed what the lake says of it?

Of a StateView's keys that changed in the epochs compared, the lake's last change by log position is
held against what Cassandra serves, and against Redis where it has the row. A row that differs is
looked up in the archive: it may have changed again since, and a store that is ahead is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from batch.applied import wait_for_speed
from batch.changes import Changed, Key, changes_since, last_changes
from batch.drift import Drift, told
from batch.ledger import append, compared_before
from batch.served_rows import RowStore, Said, stores_of
from batch.stores import cassandra, redis_client
from settings import Settings
from views.contract import StateView

EXAMPLES = 3  # of differing rows, told in the result

Answers = Mapping[Key, Said]


def compare_rows(
    settings: Settings, view: StateView, through: int, *, events: int, wait_s: float
) -> dict[str, Any]:
    """Compares the epochs closed since the last comparison, and appends to the ledger.

    Looks at about `events` events at most: above that at a sample of their actors.
    """
    oldest = through - settings.speed_row_ttl_hours * 3600 // settings.epoch_seconds
    epochs = range(max(compared_before(settings, view.name, through), oldest), through)
    with cassandra(settings) as lasting, redis_client(settings) as cache:
        behind = wait_for_speed(settings, cache, "state", view.topics, epochs, wait_s)
        changed, share = last_changes(settings, view, epochs, events)
        said = {store: store.all(changed) for store in stores_of(view, lasting, cache)}
    wrong = differing(settings, view, through, changed, said)
    found = [drift for store in said for drift in drifts(store, changed, said[store], wrong[store])]
    if epochs:
        append(settings, view.name, through, found)
    return {
        "through": through,
        "epochs": len(epochs),
        "records_behind": behind,
        **told(found),
        "sample": round(share, 4),
        "served_keys_checked": len(changed),
        "examples": [
            f"{store.name} says of {key} {answer}, the lake {store.should(changed[key])}"
            for store, answers in wrong.items()
            for key, answer in islice(answers.items(), EXAMPLES)
        ],
    }


def differing(
    settings: Settings,
    view: StateView,
    through: int,
    changed: Mapping[Key, Changed],
    said: Mapping[RowStore, Answers],
) -> dict[RowStore, Answers]:
    """By store the answers that are neither the lake's nor what the row became since.

    The stores were asked before, so what they were ahead by is in the log by now.
    """
    doubted = {
        store: {key: s for key, s in answers.items() if s != store.should(changed[key])}
        for store, answers in said.items()
    }
    keys = {key: changed[key] for answers in doubted.values() for key in answers}
    since = changes_since(settings, view, through, keys)
    return {
        store: {
            key: s
            for key, s in answers.items()
            if all(s != store.should(later) for later in since[key])
        }
        for store, answers in doubted.items()
    }


def drifts(
    store: RowStore, changed: Mapping[Key, Changed], said: Answers, wrong: Answers
) -> list[Drift]:
    """One `Drift` for each epoch: of the rows that changed last in it and that the store has."""
    found: dict[int, Drift] = {}
    for key, answer in said.items():
        last = changed[key]
        drift = found.setdefault(last.epoch, Drift(store.name, last.epoch))
        lake = store.stands(store.should(last))
        served = store.stands(answer) if key in wrong else lake
        drift.add_row(key, lake=lake, served=served, differs=key in wrong)
    return [found[epoch] for epoch in sorted(found)]
