"""Who is this user, as anyone may see them?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import AccountCreated, AccountUpdated, Event
from views.contract import Change, Put, StateView

COLUMNS = (
    *("id", "username", "name", "description", "verified", "protected", "created_at_ms"),
    *("location", "url", "pinned_tweet_id"),
)


def project(event: Event) -> Iterator[Change]:
    """The whole profile, by the user's id."""
    match event:
        case AccountCreated() | AccountUpdated():
            later = event if isinstance(event, AccountUpdated) else None
            yield Put(
                event.id,
                {
                    "id": event.id,
                    "username": event.username,
                    "name": event.name,
                    "description": event.description,
                    "verified": event.verified,
                    "protected": event.protected,
                    "created_at_ms": later.created_at_ms if later else event.at_ms,
                    "location": later.location if later else "",
                    "url": later.url if later else "",
                    "pinned_tweet_id": later.pinned_tweet_id if later else None,
                },
            )


USERS = StateView(
    name="users",
    doc=__doc__,
    topics=("accounts",),
    events=(AccountCreated, AccountUpdated),
    project=project,
)
