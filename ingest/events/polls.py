"""What happens to polls: somebody voted. A poll itself comes and goes with its tweet."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Choice = Annotated[int, msgspec.Meta(ge=1, le=4)]


class PollVoted(Event, frozen=True, kw_only=True, tag=True):
    """`poll_id` is the id of the poll's tweet; `choice` counts its options from 1."""

    topic: ClassVar[str] = "polls"
    actor_field: ClassVar[str] = "voter_id"

    voter_id: int
    poll_id: int
    choice: Choice
