"""What happens to tweets: posted, edited, deleted, retweeted, unretweeted.

A retweet has an id of its own, because it is an entry of timelines in its own right. A deletion
repeats what the tweet answered, quoted and mentioned, and an edit repeats the version before it, so
that views can take back or renew a row without a look-up.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Text = Annotated[str, msgspec.Meta(max_length=4_000)]
"""At most 4,000 code points on the wire; the 280 weighted characters are the API's rule."""

Ids = Annotated[str, msgspec.Meta(pattern=r"^([0-9]+(,[0-9]+)*)?$")]
"""Several ids in one column, `"3,4"`; `ids_of` reads it."""


def ids_of(ids: str | None) -> list[int]:
    """The ids of such a column.

    >>> ids_of("3,4"), ids_of("")
    ([3, 4], [])
    """
    return [int(id) for id in ids.split(",")] if ids else []


class TweetPosted(Event, frozen=True, kw_only=True, tag=True):
    """`mention_ids`: whom the text names, in its order (0 where nobody bears the name), then those
    whom a reply mentions without saying so. A tweet with a poll has at least two options.
    """

    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    text: Text
    conversation_id: int
    reply_to_id: int | None = None
    reply_to_user_id: int | None = None
    quote_of_id: int | None = None
    lang: str | None = None
    reply_settings: str | None = None
    mention_ids: Ids | None = None
    media_ids: Ids | None = None
    tagged_user_ids: Ids | None = None
    place_id: str | None = None
    poll_option_1: str | None = None
    poll_option_2: str | None = None
    poll_option_3: str | None = None
    poll_option_4: str | None = None
    poll_ends_ms: int | None = None


class TweetEdited(Event, frozen=True, kw_only=True, tag=True):
    """A new version, with its own id, of a tweet that stays what it answered and quoted.

    `edit_ids` are all versions so far, this one the last; `first_id` is the one that likes, replies
    and counts belong to. What the version before it said is repeated.
    """

    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    first_id: int
    previous_id: int
    edit_ids: Ids
    text: Text
    previous_text: Text
    conversation_id: int
    reply_to_id: int | None = None
    reply_to_user_id: int | None = None
    quote_of_id: int | None = None
    lang: str | None = None
    previous_lang: str | None = None
    reply_settings: str | None = None
    mention_ids: Ids | None = None
    previous_mention_ids: Ids | None = None
    media_ids: Ids | None = None
    previous_media_ids: Ids | None = None
    tagged_user_ids: Ids | None = None
    previous_tagged_user_ids: Ids | None = None
    place_id: str | None = None


class TweetDeleted(Event, frozen=True, kw_only=True, tag=True):
    """One version of a tweet is gone; of an edited tweet there is one such event a version."""

    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    conversation_id: int | None = None
    reply_to_id: int | None = None
    quote_of_id: int | None = None
    mention_ids: Ids | None = None


class Retweeted(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    tweet_id: int
    tweet_author_id: int | None = None


class Unretweeted(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    tweet_id: int
