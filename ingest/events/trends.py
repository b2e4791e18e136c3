"""What happens to tags: one trended."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class TagTrended(Event, frozen=True, kw_only=True, tag=True):
    """The board showed the tag at `at_ms`, in the window that ended then; told now and then while
    it does. The evidence is as it was: `expected_milli` are thousandths of people, as `score_milli`
    are thousandths of a score.
    """

    topic: ClassVar[str] = "trends"
    actor_field: ClassVar[str] = "place"

    place: int
    tag: Tag
    spelling: Tag
    window_hours: int
    rank: int
    score_milli: int
    people: int
    uses: int
    expected_milli: int
    since_ms: int
