"""What happens to tweets: posted, deleted, retweeted, unretweeted.

A retweet has an id of its own, because it is an entry of timelines in its own right. A deletion
repeats what the tweet answered and quoted, so that counts can take it back without a look-up.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
"""At most 4,000 code points on the wire; the 280 weighted characters are the API's rule."""


class TweetPosted(Event, frozen=True, kw_only=True, tag=True):
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


class TweetDeleted(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    id: int
    author_id: int
    reply_to_id: int | None = None
    quote_of_id: int | None = None


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
