"""Whom does this user block?"""

from __future__ import annotations

from ingest.events import Blocked, Unblocked
from views.edges import edge_view

BLOCKING = edge_view(
    "blocking",
    __doc__,
    on=Blocked,
    off=(Unblocked,),
    key=("blocker_id", "blocked_id"),
)
