"""What does a tweet say, and is it still there?

An edit puts a row of its own and renews that of the version before it, so that either tells of the
other: the last of `edit_ids` is the newest version that the row knows of.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Retweeted, TweetDeleted, TweetEdited, TweetPosted, Unretweeted
from views.contract import Change, Delete, Put, StateView

# As in the event, version by version; and what stays the same in all versions.
SAID = ("text", "lang", "mention_ids", "media_ids", "tagged_user_ids")
KEPT = (
    "author_id",
    "conversation_id",
    "reply_to_id",
    "reply_to_user_id",
    "quote_of_id",
    "reply_settings",
    "place_id",
)
POLL = ("poll_option_1", "poll_option_2", "poll_option_3", "poll_option_4", "poll_ends_ms")
COLUMNS = ("id", *SAID, *KEPT, *POLL, "retweet_of_id", "retweet_of_user_id", "first_id", "edit_ids")
"""A row has all of them; those of another kind of tweet are None. `text` is "" for a retweet."""


def _row(**values: object) -> dict[str, object]:
    return dict.fromkeys(COLUMNS) | {"text": ""} | values


def project(event: Event) -> Iterator[Change]:
    """The rows of tweets or retweets that this event puts or deletes, by their ids."""
    match event:
        case TweetPosted():
            said = {name: getattr(event, name) for name in (*SAID, *KEPT, *POLL)}
            yield Put(event.id, _row(id=event.id, **said))
        case TweetEdited():
            kept = {name: getattr(event, name) for name in KEPT} | {"edit_ids": event.edit_ids}
            said = {name: getattr(event, name) for name in SAID}
            before = {name: getattr(event, f"previous_{name}") for name in SAID}
            first = event.first_id
            yield Put(event.id, _row(id=event.id, first_id=first, **kept, **said))
            yield Put(
                event.previous_id,
                _row(
                    id=event.previous_id,
                    first_id=first if first != event.previous_id else None,
                    **kept,
                    **before,
                ),
            )
        case Retweeted():
            yield Put(
                event.id,
                _row(
                    id=event.id,
                    author_id=event.author_id,
                    conversation_id=event.id,
                    retweet_of_id=event.tweet_id,
                    retweet_of_user_id=event.tweet_author_id,
                ),
            )
        case TweetDeleted() | Unretweeted():
            yield Delete(event.id)


TWEETS = StateView(
    name="tweets",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted, Retweeted, Unretweeted),
    project=project,
)
