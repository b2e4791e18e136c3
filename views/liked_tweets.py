"""Which tweets does this user like?"""

from __future__ import annotations

from ingest.events import Liked, Unliked
from views.edges import edge_view

LIKED_TWEETS = edge_view(
    "liked_tweets",
    __doc__,
    on=Liked,
    off=(Unliked,),
    key=("user_id", "tweet_id"),
)
