"""From which epoch on does a count have to be folded anew, and from what?

What was folded before stands as long as the view says the same (its SQL, and what Python
contributes) and silver of those epochs has not been replaced since. Each run of the fold notes
both in its commit (`facts`), and the next one begins with the first epoch that silver has replaced
meanwhile.

The rows of an epoch come from the records of the things that something happened to in it, and from
what those things were before. So records of other things are not looked at (`Relation.touched`),
and the work of a run goes with what happened, not with the length of history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from lake import tables
from lake.commits import Run, runs
from settings import Settings
from views.contract import FoldView


def facts(view: FoldView, versions: Mapping[str, int]) -> dict[str, Any]:
    """What a fold of the view is made of; `versions` are those of silver, by topic."""
    return {"sql": _hash(view), "silver": {topic: versions[topic] for topic in view.topics}}


def first_epoch(settings: Settings, view: FoldView, last: Run | None) -> int:
    """The first epoch that the run after `last` has to fold; 0 where nothing of it can stand."""
    if last is None or last.facts.get("sql") != _hash(view):
        return 0
    known = last.facts["silver"]
    replaced = (_replaced_since(settings, topic, known[topic]) for topic in view.topics)
    return min(last.through, *replaced)


def _hash(view: FoldView) -> str:
    said = (view.sql, *(made.meaning for made in view.contributions))
    return hashlib.sha256("".join(said).encode()).hexdigest()[:16]


def _replaced_since(settings: Settings, topic: str, version: int) -> int:
    """The first epoch of silver that was written after that version; 0 where nobody knows."""
    delta = tables.silver(topic).open(settings)
    if delta.version() < version:
        return 0  # another table than the one that was folded
    first = 2**62
    for run in runs(delta):
        if run.version <= version:
            return first
        first = min(first, run.facts.get("first", 0))
    return 0
