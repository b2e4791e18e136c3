"""Whom does this user mute?"""

from __future__ import annotations

from ingest.events import Muted, Unmuted
from views.edges import edge_view

MUTING = edge_view(
    "muting",
    __doc__,
    on=Muted,
    off=(Unmuted,),
    key=("muter_id", "muted_id"),
)
