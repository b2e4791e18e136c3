"""What does a tweet say, and is it still there?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Retweeted, TweetDeleted, TweetPosted, Unretweeted
from views.contract import Change, Delete, Put, StateView

COLUMNS = (
    "id",
    "author_id",
    "text",
    "conversation_id",
    "reply_to_id",
    "reply_to_user_id",
    "quote_of_id",
    "retweet_of_id",
    "retweet_of_user_id",
    "lang",
)
"""A row has all of them; those of another kind of tweet are None. `text` is "" for a retweet."""


def _row(**values: object) -> dict[str, object]:
    return dict.fromkeys(COLUMNS) | {"text": ""} | values


def project(event: Event) -> Iterator[Change]:
    """The row of the tweet or retweet that this event puts or deletes, by its id."""
    match event:
        case TweetPosted():
            yield Put(
                event.id,
                _row(
                    id=event.id,
                    author_id=event.author_id,
                    text=event.text,
                    conversation_id=event.conversation_id,
                    reply_to_id=event.reply_to_id,
                    reply_to_user_id=event.reply_to_user_id,
                    quote_of_id=event.quote_of_id,
                    lang=event.lang,
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
    events=(TweetPosted, TweetDeleted, Retweeted, Unretweeted),
    project=project,
)
