"""What is beside what? Edges that stand, kept under one end so that the other ends can be listed.

An edge view is a StateView whose key is two ids: under the first the others lie, the newest id
first (docs/decisions/0040-lists-page-by-id.md). A row says only when the edge came to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from ingest.events import Event
from views.contract import Change, Delete, Put, StateView

COLUMNS = ("at_ms",)


@dataclass(frozen=True, kw_only=True)
class EdgeView(StateView):
    """`key` are the columns of the two ids; they are fields of every event of the view."""

    key: tuple[str, str]


def edge_view(
    name: str,
    doc: str,
    *,
    on: type[Event],
    off: tuple[type[Event], ...],
    key: tuple[str, str],
    again: tuple[type[Event], ...] = (),
) -> EdgeView:
    """The view of the edges that `on` puts there and any of `off` takes away.

    Events `again` say once more that the edge stands.
    """

    place = attrgetter(*key)

    def project(event: Event) -> Iterator[Change]:
        if isinstance(event, off):
            yield Delete(place(event))
        elif isinstance(event, (on, *again)):
            yield Put(place(event), {"at_ms": event.at_ms})

    return EdgeView(
        name=name, doc=doc, topics=(on.topic,), events=(on, *again, *off), project=project, key=key
    )
