"""What happens to follows: followed, unfollowed."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Followed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int


class Unfollowed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int
