"""Looking up users: oneself, by id, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from serving.accounts import USERNAME
from serving.api.parameters import selected
from serving.documents import not_found
from serving.errors import InvalidRequest
from serving.http import an_id, answer, ids, principal, values
from serving.render.users import user
from serving.rows import UserRow
from serving.services import services

blueprint = Blueprint("users", __name__)


@blueprint.get("/users/me")
def me() -> Response:
    id = principal().id
    return answer(_one(_by_id([id], "id")))


@blueprint.get("/users/<user_id>")
def lookup_one(user_id: str) -> Response:
    return answer(_one(_by_id([an_id(user_id, "id")], "id")))


@blueprint.get("/users")
def lookup_many() -> Response:
    return answer(_by_id(ids("ids"), "ids"))


@blueprint.get("/users/by/username/<username>")
def by_username(username: str) -> Response:
    return answer(_one(_by_name([username], "username")))


@blueprint.get("/users/by")
def by_usernames() -> Response:
    return answer(_by_name(values("usernames"), "usernames"))


def _by_id(wanted: Sequence[int], parameter: str) -> dict[str, Any]:
    found = services().documents.users(wanted, selected(of_users=True))
    asked = {str(id): found.users.get(id) for id in wanted}
    return _document(asked, parameter, found.user_counts)


def _by_name(names: Sequence[str], parameter: str) -> dict[str, Any]:
    for name in names:
        if not USERNAME.fullmatch(name):
            raise InvalidRequest(
                f"The `{parameter}` query parameter value [{name}] does not match "
                "^[A-Za-z0-9_]{1,15}$",
                **{parameter: name},
            )
    rows = services().documents.users_named(names)
    counts = {}
    if selected(of_users=True).user_metrics:
        there = [row.id for row in rows if row is not None]
        counts = services().rows.fetch(user_counts=list(dict.fromkeys(there))).user_counts
    return _document(dict(zip(names, rows, strict=True)), parameter, counts)


def _document(
    asked: dict[str, UserRow | None], parameter: str, counts: dict[int, dict[str, int]]
) -> dict[str, Any]:
    fields = selected(of_users=True).user_fields
    data = [user(row, fields, counts) for row in asked.values() if row is not None]
    errors = [not_found("user", value, parameter) for value, row in asked.items() if row is None]
    return {name: value for name, value in (("data", data), ("errors", errors)) if value}


def _one(document: dict[str, Any]) -> dict[str, Any]:
    if "data" in document:
        document["data"] = document["data"][0]
    return document
