"""What trended where, and when?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TagTrended
from views.contract import Change, Put, StateView

DAY_MS = 86_400_000
COLUMNS = ("rank", "spelling", "score_milli", "people", "uses", "expected_milli", "since_ms")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(place, day, at_ms, window_hours, tag)`, with the evidence."""
    match event:
        case TagTrended():
            key = (event.place, event.at_ms // DAY_MS, event.at_ms, event.window_hours, event.tag)
            yield Put(key, {name: getattr(event, name) for name in COLUMNS})


TREND_HISTORY = StateView(
    name="trend_history",
    doc=__doc__,
    topics=("trends",),
    events=(TagTrended,),
    project=project,
)
