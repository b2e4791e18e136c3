"""Whom does somebody not want to hear of? Mutes, and suggestions that were dismissed."""

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


class SuggestionDismissed(Event, frozen=True, kw_only=True, tag=True):
    """The user does not want to be told to follow the other. Nothing takes it back."""

    topic: ClassVar[str] = "mutes"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    dismissed_id: int
