"""What of an event does the scorer hear, and what does the log hear of its scores?

The speed layer and the batch layer say it alike.
"""

from __future__ import annotations

import time

from ingest.events import Event, Followed, TweetEdited, TweetPosted, TweetScored, Unfollowed
from ingest.events.moderation import reasons_in
from ingest.events.tweets import ids_of
from ingest.ids import timestamp_ms
from moderation.activities import HOUR, Activities
from moderation.behaviour import Activity
from moderation.scorer import Scores


def scored_text(event: TweetPosted | TweetEdited) -> str:
    """All that a tweet says, its poll's options included."""
    options = [getattr(event, f"poll_option_{n}", None) for n in (1, 2, 3, 4)]
    return "\n".join(part for part in (event.text, *options) if part)


def before(activities: Activities, event: TweetPosted | TweetEdited) -> Activity:
    """What the author did before this. An account's id tells when it was made."""
    hours = (event.at_ms - timestamp_ms(event.author_id)) / HOUR
    said = scored_text(event), _named(event)
    return activities.before(event.author_id, event.at_ms, *said, account_hours=hours)


def note(activities: Activities, event: Event) -> None:
    """What the event tells of what accounts do."""
    match event:
        case TweetPosted() | TweetEdited():
            said = scored_text(event), _named(event)
            activities.posted(event.author_id, event.at_ms, *said)
        case Followed() | Unfollowed():
            on = isinstance(event, Followed)
            activities.followed(event.follower_id, event.at_ms, event.followee_id, on)


def _named(event: TweetPosted | TweetEdited) -> int:
    """How many people it names whom it does not answer."""
    return len({id for id in ids_of(event.mention_ids) if id} - {event.reply_to_user_id})


def tweet_scored(
    id: int, author_id: int, scores: Scores, version: str, occasion: str
) -> TweetScored:
    return TweetScored(
        at_ms=time.time_ns() // 1_000_000,
        tweet_id=id,
        author_id=author_id,
        toxicity_milli=round(1_000 * scores.toxicity),
        spam_milli=round(1_000 * scores.spam),
        action=str(scores.action),
        reasons=reasons_in(scores.reasons),
        scorer=version,
        occasion=occasion,
    )
