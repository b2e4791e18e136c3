"""Which lists does this user follow?"""

from __future__ import annotations

from ingest.events import ListFollowed, ListUnfollowed
from views.edges import edge_view

FOLLOWED_LISTS = edge_view(
    "followed_lists",
    __doc__,
    on=ListFollowed,
    off=(ListUnfollowed,),
    key=("user_id", "list_id"),
)
