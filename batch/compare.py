"""What would the speed layer have said, and what does the lake say?

    python -m batch.compare [--through E] [--view V]

For each epoch closed since the last comparison, every speed total still in Redis is held against
the lake's, and the difference is appended to `ledger/drift`. Then every key looked at is read as
the API reads it: what batch published must be what gold holds, else the command fails. Of the other
views the rows that changed are compared (batch/compare_rows.py). Above `--keys` keys, or `--events`
events, a sample is compared, chosen by a hash so that it is the same everywhere.

A count that is published further than `--through` is compared as far as that. Without it each count
goes as far as it is published, rows as far as all counts are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from batch import command
from batch.command import BatchFailed
from batch.compare_rows import compare_rows
from batch.compare_totals import Measured, Place, measured
from batch.drift import told
from batch.ledger import append, compared_before
from batch.publish import speed_from_key
from batch.served import check_served
from batch.stores import redis_client
from lake import tables
from settings import Settings
from views.contract import FoldView, StateView
from views.registry import fold_views, state_views
from views.seam import pointer_key


def counts_measured(
    settings: Settings, view: FoldView, through: int, *, keys: int, wait_s: float
) -> Measured:
    """Of the epochs before `through` of a count that no comparison has looked at yet."""
    with redis_client(settings) as cache:
        said = cache.get(speed_from_key(view.name))
        compared = compared_before(settings, view.name, through)
        since = None if said is None else max(compared, int(said))
        place = Place(view, tables.gold_by_epoch(view), ("key",), since)
        return measured(settings, cache, place, through, keys=keys, wait_s=wait_s)


def compare(
    settings: Settings, view: FoldView, through: int, *, keys: int, wait_s: float
) -> dict[str, Any]:
    epochs, found, behind, share, hot = counts_measured(
        settings, view, through, keys=keys, wait_s=wait_s
    )
    if epochs:  # else an earlier comparison through the same epoch stands
        append(settings, view.name, through, found)
    return {
        "through": through,
        "epochs": len(epochs),
        "records_behind": behind,
        **told(found),
        "sample": round(share, 4),
        "served_keys_checked": check_served(settings, view, through, hot, share, keys),
    }


def published(settings: Settings) -> dict[str, int]:
    """Through which epoch each count is published; 0 where it is not."""
    with redis_client(settings) as cache:
        found = cache.mget([pointer_key(view.name) for view in fold_views()])
    return {view.name: int(at or 0) for view, at in zip(fold_views(), found, strict=True)}


def ends(asked: int | None, published: Mapping[str, int]) -> tuple[int, dict[str, int]]:
    """Through which epoch rows are compared, and each count.

    A count that was rebuilt meanwhile is further than the rest, and that is what readers see.

    >>> ends(None, {"tweet_counts": 9, "user_counts": 7})
    (7, {'tweet_counts': 9, 'user_counts': 7})
    >>> ends(8, {"tweet_counts": 9, "user_counts": 7})
    (8, {'tweet_counts': 9, 'user_counts': 8})
    """
    through = min(published.values()) if asked is None else asked
    return through, {name: max(through, at) for name, at in published.items()}


def views_asked(name: str | None) -> Sequence[FoldView | StateView]:
    """The view of that name, or all that can be compared. Raises `BatchFailed`."""
    views = (*fold_views(), *state_views())
    found = [view for view in views if name in (None, view.name)]
    if not found:
        names = ", ".join(view.name for view in views)
        raise BatchFailed(f"{name} is no view that can be compared; there are {names}")
    return found


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    through, ends_of_counts = ends(asked.through, published(settings))
    if not through:
        raise BatchFailed("nothing is published yet: run `hourly 1: land` in Airflow")
    done = {}
    for view in views_asked(asked.view):
        if isinstance(view, FoldView):
            end = ends_of_counts[view.name]
            done[view.name] = compare(settings, view, end, keys=asked.keys, wait_s=asked.wait)
        else:
            done[view.name] = compare_rows(
                settings, view, through, events=asked.events, wait_s=asked.wait
            )
    return {"through": through, "views": done}


def main() -> int:
    arguments = command.parser("batch.compare", __doc__, through=False)
    arguments.add_argument("--through", type=int, help="complete before this epoch")
    command.add_limits(arguments)
    arguments.add_argument(
        "--events", type=int, default=20_000, help="at most about so many a view of rows"
    )
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
