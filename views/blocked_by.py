"""Who blocks this user?"""

from __future__ import annotations

from ingest.events import Blocked, Unblocked
from views.edges import edge_view

BLOCKED_BY = edge_view(
    "blocked_by",
    __doc__,
    on=Blocked,
    off=(Unblocked,),
    key=("blocked_id", "blocker_id"),
)
