"""What happens to mutes: muted, unmuted."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class Muted(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "mutes"
    actor_field: ClassVar[str] = "muter_id"

    muter_id: int
    muted_id: int


class Unmuted(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "mutes"
    actor_field: ClassVar[str] = "muter_id"

    muter_id: int
    muted_id: int
