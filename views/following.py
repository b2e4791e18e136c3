"""Whom does this user follow?"""

from __future__ import annotations

from ingest.events import Followed, Unfollowed
from views.edges import edge_view

FOLLOWING = edge_view(
    "following",
    __doc__,
    on=Followed,
    off=(Unfollowed,),
    key=("follower_id", "followee_id"),
)
