"""Which tags does no board show, and who said so?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TagBlocked, TagUnblocked
from views.contract import Change, Delete, Put, StateView

AT_MOST = 1_000  # the boards read all of them at each look
COLUMNS = ("moderator_id", "reason", "at_ms")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(place, tag)`; the place is the whole world's."""
    match event:
        case TagBlocked():
            row = {name: getattr(event, name) for name in COLUMNS}
            yield Put((event.place, event.tag), row)
        case TagUnblocked():
            yield Delete((event.place, event.tag))


BLOCKED_TAGS = StateView(
    name="blocked_tags",
    doc=__doc__,
    topics=("trends",),
    events=(TagBlocked, TagUnblocked),
    project=project,
)
