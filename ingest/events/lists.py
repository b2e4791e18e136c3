"""What happens to lists: their owners make them and choose members; anyone follows and pins them.

`user_id` is always the one who acts: of a list itself and its members, the owner.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

ListName = Annotated[str, msgspec.Meta(min_length=1, max_length=25)]
ListDescription = Annotated[str, msgspec.Meta(max_length=100)]


class ListCreated(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    id: int
    user_id: int
    name: ListName
    description: ListDescription = ""
    private: bool = False


class ListUpdated(Event, frozen=True, kw_only=True, tag=True):
    """The whole list as it is from now on, so that the last one alone is the answer."""

    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    id: int
    user_id: int
    name: ListName
    description: ListDescription = ""
    private: bool = False


class ListDeleted(Event, frozen=True, kw_only=True, tag=True):
    """Its members are removed first, one event each, so that nobody is counted on it any longer."""

    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    id: int
    user_id: int


class ListMemberAdded(Event, frozen=True, kw_only=True, tag=True):
    """Said again of each member when the list turns private or public: only public lists count."""

    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int
    member_id: int
    private: bool = False


class ListMemberRemoved(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int
    member_id: int


class ListFollowed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int


class ListUnfollowed(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int


class ListPinned(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int


class ListUnpinned(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "lists"
    actor_field: ClassVar[str] = "user_id"

    user_id: int
    list_id: int
