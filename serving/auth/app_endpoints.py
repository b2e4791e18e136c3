"""Developer apps, and the apps one has allowed something, as JSON."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from flask import Blueprint, Response

from serving.auth.apps import App
from serving.auth.endpoints import not_from_elsewhere, signed_in
from serving.http import answer, body
from serving.query import an_id
from serving.render.times import written
from serving.services import services

blueprint = Blueprint("developer_apps", __name__)
blueprint.before_request(not_from_elsewhere)


class NewApp(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    scopes: list[str]
    redirect_uris: list[str] = []
    confidential: bool = True


class NewSecret(msgspec.Struct, forbid_unknown_fields=True):
    of: Literal["client", "consumer"]


@blueprint.get("/developer/apps")
def listed() -> Response:
    data = [shown(app) for app in services().auth.apps.of_owner(signed_in().id)]
    return answer({"data": data, "meta": {"result_count": len(data)}})


@blueprint.post("/developer/apps")
def create() -> Response:
    new = body(NewApp)
    made = services().auth.apps.create(
        signed_in().id, new.name, new.redirect_uris, new.scopes, confidential=new.confidential
    )
    secrets = {"client_secret": made.client_secret, "consumer_secret": made.consumer_secret}
    return answer({"data": shown(made.app) | {k: v for k, v in secrets.items() if v}}, 201)


@blueprint.post("/developer/apps/<id>/secrets")
def new_secret(id: str) -> Response:
    """A new secret in place of the old one, shown once."""
    apps, owner, app_id = services().auth.apps, signed_in().id, an_id(id, "id")
    of = body(NewSecret).of
    make = apps.new_client_secret if of == "client" else apps.new_consumer_secret
    return answer({"data": {f"{of}_secret": make(owner, app_id)}}, 201)


@blueprint.delete("/developer/apps/<id>")
def delete(id: str) -> Response:
    services().auth.apps.delete(signed_in().id, an_id(id, "id"))
    return answer({"data": {"deleted": True}})


@blueprint.get("/connections")
def connections() -> Response:
    """Apps that may act for the one who asks."""
    data = [
        {
            "app_id": str(found.app_id),
            "name": found.name,
            "scopes": found.scopes,
            "since": written(round(found.since.timestamp() * 1000)),
        }
        for found in services().auth.grants.connected(signed_in().id)
    ]
    return answer({"data": data, "meta": {"result_count": len(data)}})


@blueprint.delete("/connections/<app_id>")
def disconnect(app_id: str) -> Response:
    services().auth.grants.disconnect(signed_in().id, an_id(app_id, "app_id"))
    return answer({"data": {"ended": True}})


def shown(app: App) -> dict[str, Any]:
    return {
        "id": str(app.id),
        "name": app.name,
        "client_id": app.client_id,
        "consumer_key": app.consumer_key,
        "confidential": app.confidential,
        "redirect_uris": app.redirect_uris,
        "scopes": app.scopes,
        "created_at": written(round(app.created_at.timestamp() * 1000)),
    }
