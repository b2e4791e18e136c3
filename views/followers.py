"""Who follows this user?"""

from __future__ import annotations

from ingest.events import Followed, Unfollowed
from views.edges import edge_view

FOLLOWERS = edge_view(
    "followers",
    __doc__,
    on=Followed,
    off=(Unfollowed,),
    key=("followee_id", "follower_id"),
)
