"""Which lists are this user's own?"""

from __future__ import annotations

from ingest.events import ListCreated, ListDeleted, ListUpdated
from views.edges import edge_view

OWNED_LISTS = edge_view(
    "owned_lists",
    __doc__,
    on=ListCreated,
    again=(ListUpdated,),
    off=(ListDeleted,),
    key=("user_id", "id"),
)
