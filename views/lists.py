"""What is this list called, whose is it, and is it still there?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, ListCreated, ListDeleted, ListUpdated
from views.contract import Change, Delete, Put, StateView

COLUMNS = ("id", "owner_id", "name", "description", "private")


def project(event: Event) -> Iterator[Change]:
    """The whole list, by its id."""
    match event:
        case ListCreated() | ListUpdated():
            yield Put(
                event.id,
                {
                    "id": event.id,
                    "owner_id": event.user_id,
                    "name": event.name,
                    "description": event.description,
                    "private": event.private,
                },
            )
        case ListDeleted():
            yield Delete(event.id)


LISTS = StateView(
    name="lists",
    doc=__doc__,
    topics=("lists",),
    events=(ListCreated, ListUpdated, ListDeleted),
    project=project,
)
