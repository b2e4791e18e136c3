"""Do both layers agree enough for new totals to be published?

    python -m batch.drift_gate --through E [--view V]

Holds what was just folded against what the speed layer said of the same epochs. Where they differ
by more than `drift_stops_percent`, one of them is wrong, and nobody knows yet which: the command
fails with 65 and says where, nothing is published, and readers keep what they have. What the speed
layer has not counted yet, or Redis lost, says nothing, and stops nobody.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from batch import command
from batch.command import DataAtFault
from batch.compare import counts_measured
from batch.drift import Drift
from lake import tables
from settings import Settings


class TooMuchDrift(DataAtFault):
    """The layers differ by more than may be published."""


def percent(found: Iterable[Drift]) -> tuple[float, int]:
    """The difference of all cells in per cent of what the lake has, and how much it is.

    >>> percent([Drift("like_count", 3, lake_total=90, absolute_difference=6),
    ...          Drift("like_count", 4, lake_total=30, absolute_difference=0)])
    (5.0, 6)
    """
    found = list(found)
    total = sum(drift.lake_total for drift in found)
    difference = sum(drift.absolute_difference for drift in found)
    return 100 * difference / max(1, total), difference


def require(settings: Settings, found: Mapping[str, list[Drift]]) -> dict[str, float]:
    """By view the per cent by which they differ. Raises `TooMuchDrift`."""
    said = {}
    wrong = []
    for view, drifts in found.items():
        per_cent, difference = percent(drifts)
        said[view] = round(per_cent, 2)
        too_much = per_cent > settings.drift_stops_percent
        if too_much and difference >= settings.drift_stops_least:
            worst = max(drifts, key=lambda drift: drift.absolute_difference)
            wrong.append(
                f"{view} differs by {difference:,} ({per_cent:.1f} %), most in {worst.measure} of "
                f"epoch {worst.epoch}, e.g. key {worst.example_key}"
            )
    if wrong:
        raise TooMuchDrift(
            "; ".join(wrong) + "; nothing is published: see docs/operators.md, `drift`"
        )
    return said


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    found, late = {}, {}
    for view in command.fold_views_asked(asked.view):
        said = counts_measured(settings, view, asked.through, keys=asked.keys, wait_s=asked.wait)
        if said.records_behind:
            late[view.name] = said.records_behind
        else:
            found[view.name] = said.found
    return {"through": asked.through, "percent": require(settings, found), "late": late}


def main() -> int:
    arguments = command.parser("batch.drift_gate", __doc__)
    command.add_limits(arguments)
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
