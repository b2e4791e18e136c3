"""Which lists has this user pinned?"""

from __future__ import annotations

from ingest.events import ListPinned, ListUnpinned
from views.edges import edge_view

PINNED_LISTS = edge_view(
    "pinned_lists",
    __doc__,
    on=ListPinned,
    off=(ListUnpinned,),
    key=("user_id", "list_id"),
)
