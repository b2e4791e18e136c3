"""Who asks to follow this user, and waits for an answer?"""

from __future__ import annotations

from ingest.events import Followed, FollowRequestDeclined, FollowRequested, Unfollowed
from views.edges import edge_view

FOLLOW_REQUESTS = edge_view(
    "follow_requests",
    __doc__,
    on=FollowRequested,
    off=(Followed, Unfollowed, FollowRequestDeclined),
    key=("followee_id", "follower_id"),
)
