"""Who likes this tweet?"""

from __future__ import annotations

from ingest.events import Liked, Unliked
from views.edges import edge_view

LIKING_USERS = edge_view(
    "liking_users",
    __doc__,
    on=Liked,
    off=(Unliked,),
    key=("tweet_id", "user_id"),
)
