"""Which tweets has this user bookmarked?"""

from __future__ import annotations

from ingest.events import Bookmarked, Unbookmarked
from views.edges import edge_view

BOOKMARKS = edge_view(
    "bookmarks",
    __doc__,
    on=Bookmarked,
    off=(Unbookmarked,),
    key=("user_id", "tweet_id"),
)
