"""What is an author told of their tweets: what people decided, and what was blocked at once?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, ReviewDecided, TweetScored
from views.contract import Change, Put, StateView
from views.moderation_history import said_at_ms

COLUMNS = ("action", "reasons", "label", "held", "appeal", "by_person")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(author_id, at_ms, tweet_id)`. Who decided is not told."""
    match event:
        case TweetScored(action="block"):
            yield _put(event, action=event.action, reasons=event.reasons, by_person=False)
        case ReviewDecided():
            yield _put(
                event,
                action=event.decision,
                reasons=event.reason,
                label=event.label,
                held=event.held,
                appeal=event.appeal,
                by_person=True,
            )


def _put(event: TweetScored | ReviewDecided, **said: object) -> Put[tuple[int, int, int]]:
    row = dict.fromkeys(COLUMNS) | {"appeal": False} | said
    return Put((event.author_id, said_at_ms(event), event.tweet_id), row)


MODERATION_NOTICES = StateView(
    name="moderation_notices",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetScored, ReviewDecided),
    project=project,
)
