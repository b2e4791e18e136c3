"""What happens to tags: one trended; a person keeps one off the boards, or lets it on again."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
BlockReason = Annotated[str, msgspec.Meta(max_length=500)]


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


class TagBlocked(Event, frozen=True, kw_only=True, tag=True):
    """No board shows the tag from now on. `tag` is folded; `place` is the whole world's."""

    topic: ClassVar[str] = "trends"
    actor_field: ClassVar[str] = "place"

    place: int
    tag: Tag
    moderator_id: int
    reason: BlockReason = ""


class TagUnblocked(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "trends"
    actor_field: ClassVar[str] = "place"

    place: int
    tag: Tag
    moderator_id: int
