"""Which people decided what of tweets, when and why? By day, of one of them or of everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, ReviewDecided
from views.contract import Change, Put, StateView

DAY_MS = 86_400_000
EVERYBODY = 0
COLUMNS = ("author_id", "decided_by", "decision", "reason", "label", "held", "appeal", "spam")


def project(event: Event) -> Iterator[Change]:
    """Rows keyed `(moderator_id, day, at_ms, tweet_id)`; one under the moderator, and one under
    `EVERYBODY`."""
    match event:
        case ReviewDecided():
            row = {name: getattr(event, name, None) for name in COLUMNS}
            row["decided_by"] = event.moderator_id
            for who in (event.moderator_id, EVERYBODY):
                yield Put((who, event.at_ms // DAY_MS, event.at_ms, event.tweet_id), row)


MODERATION_AUDIT = StateView(
    name="moderation_audit",
    doc=__doc__,
    topics=("moderation",),
    events=(ReviewDecided,),
    project=project,
)
