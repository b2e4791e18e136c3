"""Which tweets may be edited, how often and how long?

A tweet may be edited five times within half an hour of its first version. Retweets, tweets with a
poll and replies to somebody else may not, because others have acted on what they said.
"""

from __future__ import annotations

from ingest.ids import timestamp_ms
from serving.errors import Forbidden
from serving.rows import TweetRow

MAX_EDITS = 5
EDITABLE_MS = 30 * 60 * 1000


def eligible(row: TweetRow) -> bool:
    """Whether the tweet is of a kind that may be edited, whatever the time."""
    to_others = row.reply_to_id is not None and row.reply_to_user_id != row.author_id
    return row.retweet_of_id is None and not row.poll_options and not to_others


def editable_until_ms(row: TweetRow) -> int:
    return timestamp_ms(row.counted_id) + EDITABLE_MS


def check(newest: TweetRow | None, asked_id: int, asker_id: int, now_ms: int) -> TweetRow:
    """The version to follow. Raises `Forbidden` where there is none that `asker_id` may edit."""
    if newest is None or newest.author_id != asker_id:
        raise Forbidden("You are not authorized to edit this Tweet.")
    if newest.id != asked_id:
        raise Forbidden(f"This Tweet was edited since; its newest version is {newest.id}.")
    if not eligible(newest):
        raise Forbidden("Retweets, polls and replies to others can not be edited.")
    if now_ms >= editable_until_ms(newest):
        raise Forbidden("A Tweet can be edited for 30 minutes.")
    if len(newest.versions) > MAX_EDITS:
        raise Forbidden(f"A Tweet can be edited {MAX_EDITS} times.")
    return newest
