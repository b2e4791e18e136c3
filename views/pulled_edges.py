"""Which authors does this reader pull, whom others get pushed?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import EdgePlanned, Event
from views.contract import Change, Delete, Put, StateView

COLUMNS = ("generation",)


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(reader_id, author_id)`: the generation that planned it."""
    match event:
        case EdgePlanned(pulled=True):
            yield Put((event.reader_id, event.author_id), {"generation": event.generation})
        case EdgePlanned():
            yield Delete((event.reader_id, event.author_id))


PULLED_EDGES = StateView(
    name="pulled_edges",
    doc=__doc__,
    topics=("plans",),
    events=(EdgePlanned,),
    project=project,
)
