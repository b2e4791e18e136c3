"""What has every event in common?"""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something that happened, decided by the API and appended to a topic.

    `kind` on the wire is the class's name. `at_ms` is when it was decided, in milliseconds since
    1970 (UTC); the epoch of a record is never taken from it, always from the broker's append time.
    A field added later has a default; a change of meaning raises `v`.
    """

    topic: ClassVar[str]
    actor_field: ClassVar[str]
    """Who did it. Its id is the record's key: one actor's events keep their order."""

    at_ms: int
    v: int = 1

    @property
    def actor_id(self) -> int:
        """The id of the account whose act this is."""
        return getattr(self, self.actor_field)
