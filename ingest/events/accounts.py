"""What happens to accounts: created, updated. Only what is public; credentials stay out."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

Username = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_]{1,15}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
Description = Annotated[str, msgspec.Meta(max_length=160)]
Location = Annotated[str, msgspec.Meta(max_length=30)]
Url = Annotated[str, msgspec.Meta(max_length=100)]


class AccountCreated(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "accounts"
    actor_field: ClassVar[str] = "id"

    id: int
    username: Username
    name: Name
    description: Description = ""
    verified: bool = False
    protected: bool = False


class AccountUpdated(Event, frozen=True, kw_only=True, tag=True):
    """The whole public profile as it is from now on, so that the last one alone is the answer."""

    topic: ClassVar[str] = "accounts"
    actor_field: ClassVar[str] = "id"

    id: int
    username: Username
    name: Name
    created_at_ms: int
    description: Description = ""
    verified: bool = False
    protected: bool = False
    location: Location = ""
    url: Url = ""
    pinned_tweet_id: int | None = None
