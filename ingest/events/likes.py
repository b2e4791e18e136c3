"""What happens to likes: liked, unliked."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Liked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "likes"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    tweet_id: int
    tweet_author_id: int | None = None


class Unliked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "likes"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    tweet_id: int
