"""Looking up users: oneself, by id, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g

from serving import query
from serving.api.parameters import USER_SELECTION, selected
from serving.documents import not_allowed, not_found
from serving.http import answer, principal
from serving.openapi.shapes import One, Some, User
from serving.operations import USERNAME, operation, reads, writes
from serving.rows import Found
from serving.services import services
from serving.visibility import Surface, visible_users

blueprint = Blueprint("users", __name__)


MAY_READ = reads("tweet.read", "users.read")


def _username(value: str, name: str) -> str:
    if not USERNAME.fullmatch(value):
        raise query.invalid(name, value, f"does not match ^{USERNAME.pattern}$")
    return value


IDS = query.some("ids", "Ids of users, 1 to 100.", f"^{query.ID.pattern}$", query.an_id)
USERNAMES = query.some("usernames", "Names, 1 to 100.", f"^{USERNAME.pattern}$", _username)


@blueprint.get("/users/me")
@operation("getUsersMe", writes("tweet.read", "users.read"), query=USER_SELECTION, answer=One[User])
def me() -> Response:
    """Who am I?"""
    return answer(_one(_by_id([principal().id], "id")))


@blueprint.get("/users/<id>")
@operation("getUsersById", MAY_READ, query=USER_SELECTION, answer=One[User])
def lookup_one(id: int) -> Response:
    """The user with this id."""
    return answer(_one(_by_id([id], "id")))


@blueprint.get("/users")
@operation("getUsersByIds", MAY_READ, query=(IDS, *USER_SELECTION), answer=Some[User])
def lookup_many() -> Response:
    """The users with these ids."""
    return answer(_by_id(g.query["ids"], "ids"))


@blueprint.get("/users/by/username/<username>")
@operation("getUsersByUsername", MAY_READ, query=USER_SELECTION, answer=One[User])
def by_username(username: str) -> Response:
    """The user who bears this name."""
    return answer(_one(_by_name([username], "username")))


@blueprint.get("/users/by")
@operation("getUsersByUsernames", MAY_READ, query=(USERNAMES, *USER_SELECTION), answer=Some[User])
def by_usernames() -> Response:
    """The users who bear these names."""
    return answer(_by_name(g.query["usernames"], "usernames"))


def _by_id(wanted: Sequence[int], parameter: str) -> dict[str, Any]:
    found = services().documents.users(principal().id, wanted, selected())
    return _document({str(id): id for id in wanted}, parameter, found)


def _by_name(names: Sequence[str], parameter: str) -> dict[str, Any]:
    selection = selected()
    ids, found = services().documents.users_named(principal().id, names, selection)
    return _document(dict(zip(names, ids, strict=True)), parameter, found)


def _document(asked: dict[str, int | None], parameter: str, found: Found) -> dict[str, Any]:
    """`asked` maps what the client said to the id that it means, if any."""
    ids = [id for id in asked.values() if id is not None]
    seen = {row.id: row for row in visible_users(principal().id, ids, found, Surface.LOOKUP)}
    data, includes, more = services().documents.of_users(
        principal().id, [seen[id] for id in ids if id in seen], selected(), found
    )
    errors = [
        (not_allowed if id in found.users else not_found)("user", value, parameter)
        for value, id in asked.items()
        if id not in seen
    ]
    parts = {"data": data, "includes": includes, "errors": errors + more}
    return {name: value for name, value in parts.items() if value}


def _one(document: dict[str, Any]) -> dict[str, Any]:
    if "data" in document:
        document["data"] = document["data"][0]
    return document
