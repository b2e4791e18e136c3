"""What happens to bookmarks: bookmarked, unbookmarked."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Bookmarked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "bookmarks"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    tweet_id: int


class Unbookmarked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "bookmarks"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    tweet_id: int
