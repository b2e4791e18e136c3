"""How many of these fall into each minute, hour or day?

Buckets begin and end at whole units of UTC, the first and the last at the window's own ends; they
cover the window without a gap, those with nothing in them too.

>>> buckets({1: 1, 2: 1}, start_ms=3_600_000, end_ms=9_000_000, unit_ms=3_600_000)
[(3600000, 7200000, 1), (7200000, 9000000, 1)]
"""

from __future__ import annotations

from collections.abc import Mapping

UNITS_MS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000}


def buckets(
    counts: Mapping[int, int], *, start_ms: int, end_ms: int, unit_ms: int
) -> list[tuple[int, int, int]]:
    """`(start_ms, end_ms, count)`, oldest first; an end is exclusive.

    `counts` are by unit since 1970, of what lies in the window.
    """
    return [
        (max(start_ms, unit * unit_ms), min(end_ms, (unit + 1) * unit_ms), counts.get(unit, 0))
        for unit in range(start_ms // unit_ms, (end_ms - 1) // unit_ms + 1)
    ]
