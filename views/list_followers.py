"""Who follows this list?"""

from __future__ import annotations

from ingest.events import ListFollowed, ListUnfollowed
from views.edges import edge_view

LIST_FOLLOWERS = edge_view(
    "list_followers",
    __doc__,
    on=ListFollowed,
    off=(ListUnfollowed,),
    key=("list_id", "user_id"),
)
