"""Who asks to follow this user, and waits for an answer?

A follow that nobody asked for ends no request: it would leave a tombstone for each follower, and a
popular account's requests could not be read for them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Followed, FollowRequestDeclined, FollowRequested, Unfollowed
from views.contract import Change, Delete, Put
from views.edges import EdgeView


def project(event: Event) -> Iterator[Change]:
    """An edge keyed `(followee_id, follower_id)`."""
    match event:
        case FollowRequested():
            yield Put((event.followee_id, event.follower_id), {"at_ms": event.at_ms})
        case Followed(accepted=True) | FollowRequestDeclined() | Unfollowed():
            yield Delete((event.followee_id, event.follower_id))


FOLLOW_REQUESTS = EdgeView(
    name="follow_requests",
    doc=__doc__,
    topics=("follows",),
    events=(FollowRequested, Followed, FollowRequestDeclined, Unfollowed),
    project=project,
    key=("followee_id", "follower_id"),
)
