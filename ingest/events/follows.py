"""What happens to follows: followed, unfollowed; and where leave is needed, requested, declined.

A request ends by a follow (accepted), by an unfollow (withdrawn) or by being declined.
Whoever acts, the record is the follower's: what happens to one edge keeps its order.
"""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Followed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int
    accepted: bool = False
    """Whether it answers a request. Most follows answer none, and need to end none."""


class Unfollowed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int


class FollowRequested(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int


class FollowRequestDeclined(Event, frozen=True, kw_only=True, tag=True):
    """The followee's act, under the follower's key."""

    topic: ClassVar[str] = "follows"
    actor_field: ClassVar[str] = "follower_id"

    follower_id: int
    followee_id: int
