"""Who is this user, as anyone may see them?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import AccountCreated, AccountUpdated, Event
from views.contract import Change, Put, StateView

COLUMNS = ("id", "username", "name", "description", "verified", "protected", "created_at_ms")


def project(event: Event) -> Iterator[Change]:
    """The whole profile, by the user's id."""
    match event:
        case AccountCreated() | AccountUpdated():
            created = event.at_ms if isinstance(event, AccountCreated) else event.created_at_ms
            yield Put(
                event.id,
                {
                    "id": event.id,
                    "username": event.username,
                    "name": event.name,
                    "description": event.description,
                    "verified": event.verified,
                    "protected": event.protected,
                    "created_at_ms": created,
                },
            )


USERS = StateView(
    name="users",
    doc=__doc__,
    topics=("accounts",),
    events=(AccountCreated, AccountUpdated),
    project=project,
)
