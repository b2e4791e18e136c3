"""What happens to blocks: blocked, unblocked."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Blocked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "blocks"
    actor_field: ClassVar[str] = "blocker_id"

    blocker_id: int
    blocked_id: int


class Unblocked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "blocks"
    actor_field: ClassVar[str] = "blocker_id"

    blocker_id: int
    blocked_id: int
