"""Whom does this user not want to be told to follow?"""

from __future__ import annotations

from ingest.events import SuggestionDismissed
from views.edges import edge_view

DISMISSED_SUGGESTIONS = edge_view(
    "dismissed_suggestions",
    __doc__,
    on=SuggestionDismissed,
    off=(),
    key=("user_id", "dismissed_id"),
)
