"""Who is on this list?"""

from __future__ import annotations

from ingest.events import ListMemberAdded, ListMemberRemoved
from views.edges import edge_view

LIST_MEMBERS = edge_view(
    "list_members",
    __doc__,
    on=ListMemberAdded,
    off=(ListMemberRemoved,),
    key=("list_id", "member_id"),
)
