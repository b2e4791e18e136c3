"""Which lists is this user on?"""

from __future__ import annotations

from ingest.events import ListMemberAdded, ListMemberRemoved
from views.edges import edge_view

LIST_MEMBERSHIPS = edge_view(
    "list_memberships",
    __doc__,
    on=ListMemberAdded,
    off=(ListMemberRemoved,),
    key=("member_id", "list_id"),
)
