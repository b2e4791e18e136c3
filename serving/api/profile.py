"""Changing one's own profile, and whether one's tweets are for followers only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, g
from msgspec import UNSET, Meta, UnsetType

from ingest.events import AccountUpdated
from ingest.events.accounts import Description, Location, Name, Url
from serving.errors import InvalidRequest
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Done, Id, User
from serving.operations import operation, writes
from serving.query import an_id
from serving.readable import is_clean, is_readable
from serving.render.selection import USER_FIELDS
from serving.render.users import user
from serving.rows import Found
from serving.services import services
from serving.visibility import is_there

blueprint = Blueprint("profile", __name__)
CHANGED = frozenset(
    {"id", "name", "username", "description", "protected", "location", "url", "pinned_tweet_id"}
)
assert CHANGED <= USER_FIELDS


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is not said stays as it is."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    url: Annotated[Url, Meta(pattern="^(https?://[^ ]+)?$")] | UnsetType = UNSET
    protected: bool | UnsetType = UNSET
    pinned_tweet_id: Id | UnsetType | None = UNSET


@blueprint.patch("/users/me")
@operation(
    "updateUsersMe",
    writes("tweet.write", "users.read"),  # X has no scope of its own for it
    body=ProfileChange,
    answer=Done[User],
)
def update(body: ProfileChange) -> Response:
    """Changes one's own profile; answers with it as it is then."""
    id, store = principal().id, services()
    said = msgspec.structs.asdict(body)
    changes = {name: value for name, value in said.items() if value is not UNSET}
    for name in ("name", "description", "location", "url"):
        _readable(name, changes.get(name, "as it is"))
        store.screening.check(changes.get(name))
    if changes.get("pinned_tweet_id") is not None:
        changes["pinned_tweet_id"] = _own_tweet(id, changes["pinned_tweet_id"])
    # One change after the other: each writes the whole profile.
    with store.redis.exclusively(f"profile:{id}"):
        row = store.rows.fetch(users=[id]).users[id]
        event = AccountUpdated(at_ms=now_ms(), **(msgspec.structs.asdict(row) | changes))
        position = store.write(event, g.request_id)
    after = msgspec.structs.replace(row, **changes)
    return answer({"data": user(after, CHANGED, Found())}, position=position)


def _readable(name: str, text: str) -> None:
    """Raises `InvalidRequest` for signs that nobody can see, or nothing to see in a name."""
    plain = text.replace("\n", " ") if name == "description" else text
    if not (is_readable if name == "name" else is_clean)(plain):
        raise InvalidRequest(f"The `{name}` is not readable text.", **{name: text})


def _own_tweet(author_id: int, value: str) -> int:
    """Raises `InvalidRequest` unless it is a tweet of theirs."""
    id = an_id(value, "pinned_tweet_id")
    found = services().rows.fetch(tweets=[id])
    row = found.tweets.get(id)
    if row is None or row.author_id != author_id or not is_there(id, found):
        raise InvalidRequest("One pins a tweet of one's own.", pinned_tweet_id=value)
    return id
