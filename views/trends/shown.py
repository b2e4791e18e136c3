"""How does what is shown lie in Redis?

trends:{place}     JSON: the minute it was made, and each window's trends with their evidence
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from views.trends.board import Trend
from views.trends.scores import Score


class Shown(NamedTuple):
    minute: int
    trends: dict[str, list[Trend]]
    """By window, highest score first."""


def key(place: int) -> str:
    return f"trends:{place}"


def packed(minute: int, trends: Mapping[str, list[Trend]]) -> bytes:
    windows = {
        window: [
            [*trend.score._asdict().values(), trend.spelling, trend.since, trend.related]
            for trend in found
        ]
        for window, found in trends.items()
    }
    return json.dumps({"minute": minute, "windows": windows}).encode()


def read(value: bytes | None) -> Shown | None:
    """None where nothing was written yet."""
    if value is None:
        return None
    found = json.loads(value)
    trends = {
        window: [
            Trend(Score(*trend[:-3]), trend[-3], trend[-2], tuple(trend[-1])) for trend in trends
        ]
        for window, trends in found["windows"].items()
    }
    return Shown(found["minute"], trends)
