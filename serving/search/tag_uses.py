"""How often were these tags used in all? As the sketch of `views/tag_sketch.py` says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from serving.rows import Rows
from views.tag_sketch import USES
from views.trends import sketch


class InAll(NamedTuple):
    uses: dict[str, int]
    """By tag, an estimate."""

    error: int
    """By which an estimate may be too high, see `sketch.bound`."""

    stale: frozenset[str] = frozenset()


def uses_in_all(rows: Rows, tags: Sequence[str]) -> InAll:
    """Every tag's counters in one round trip. Raises `StoreUnavailable` where no store can say."""
    if not tags:
        return InAll({}, 0)
    cells = dict.fromkeys(cell for tag in tags for cell in sketch.cells(tag))
    found = rows.fetch(tag_sketch=[*cells, sketch.ALL])
    counters = {cell: totals[USES] for cell, totals in found.tag_sketch.items()}
    return InAll(
        {tag: sketch.estimate(tag, counters.__getitem__) for tag in tags},
        sketch.bound(counters[sketch.ALL]),
        found.stale,
    )
