"""What happens to replies: the author of a conversation hides one, or shows it again."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class ReplyHidden(Event, frozen=True, kw_only=True, tag=True):
    """`author_id` wrote the conversation's first tweet; `tweet_id` is the reply."""

    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    author_id: int
    conversation_id: int
    tweet_id: int


class ReplyUnhidden(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "tweets"
    actor_field: ClassVar[str] = "author_id"

    author_id: int
    conversation_id: int
    tweet_id: int
