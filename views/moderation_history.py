"""What was said of this tweet by moderation, one after the other: scores, decisions, appeals?

Nothing is ever taken back here: what was said was said. The first score is left out where nothing
follows from it, as it does of nearly all tweets. Reports have a view of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import DecisionAppealed, Event, ReviewDecided, ReviewRequested, TweetScored
from ingest.ids import timestamp_ms
from views.contract import Change, Put, StateView
from views.moderation_states import FIRST

SCORED, REQUESTED, DECIDED, APPEALED = "scored", "requested", "decided", "appealed"
COLUMNS = (
    *("author_id", "action", "reasons", "label", "held", "appeal", "spam"),
    *("toxicity_milli", "spam_milli", "scorer", "occasion", "reporters", "text"),
)
"""A row has all of them; those that its kind does not know are None."""
NOBODY = 0  # whose act a score is, and the wish that somebody look


def said_at_ms(event: Event) -> int:
    """When an entry was said. Of a first score it is when the tweet came: a scorer that begins anew
    says the same again, and that is no other entry."""
    if isinstance(event, TweetScored) and event.occasion in FIRST:
        return timestamp_ms(event.tweet_id)
    return event.at_ms


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(tweet_id, at_ms, kind, who_id)`."""
    match event:
        case TweetScored() if event.action != "allow" or event.occasion not in FIRST:
            yield _put(event, SCORED, NOBODY)
        case ReviewRequested():
            yield _put(event, REQUESTED, NOBODY)
        case ReviewDecided():
            yield _put(
                event, DECIDED, event.moderator_id, action=event.decision, reasons=event.reason
            )
        case DecisionAppealed():
            yield _put(event, APPEALED, event.author_id)


def _put(
    event: TweetScored | ReviewRequested | ReviewDecided | DecisionAppealed,
    kind: str,
    who_id: int,
    **said: object,
) -> Put[tuple[int, int, str, int]]:
    row = {name: getattr(event, name, None) for name in COLUMNS} | said
    return Put((event.tweet_id, said_at_ms(event), kind, who_id), row)


MODERATION_HISTORY = StateView(
    name="moderation_history",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetScored, ReviewRequested, ReviewDecided, DecisionAppealed),
    project=project,
)
