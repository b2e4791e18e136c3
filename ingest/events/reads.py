"""What happens to a home timeline: its reader read it."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class HomeRead(Event, frozen=True, kw_only=True, tag=True):
    """`reads` times since the report before this one; reads are told together, not one by one."""

    topic: ClassVar[str] = "reads"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    reads: int
