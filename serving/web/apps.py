"""The pages on which developers make apps and see what they are called."""

from __future__ import annotations

from flask import Response, redirect, request, url_for

from serving.auth.apps import App
from serving.errors import InvalidRequest
from serving.services import services
from serving.web import forms
from serving.web.pages import blame, blueprint, page, to_sign_in, viewer


@blueprint.get("/i/apps")
def apps() -> Response:
    if (who := viewer()) is None:
        return to_sign_in()
    return page("apps.html", apps=services().auth.apps.of_owner(who.id))


@blueprint.route("/i/apps/new", methods=("GET", "POST"))
def new_app() -> Response:
    who, form = viewer(), forms.NewApp()
    if who is None:
        return to_sign_in()
    if form.is_submitted():
        try:
            made = services().auth.apps.create(
                who.id,
                form.name.data,
                form.redirect_uris.data.split(),
                form.scopes.data,
                confidential=form.confidential.data,
            )
        except InvalidRequest as error:
            blame(form, error)
        else:
            secrets = {"Client secret": made.client_secret, "Consumer secret": made.consumer_secret}
            return _app(made.app, secrets, status=201)
    return page("new_app.html", form=form, status=400 if form.errors else 200)


@blueprint.get("/i/apps/<int:id>")
def app(id: int) -> Response:
    if (who := viewer()) is None:
        return to_sign_in()
    return _app(services().auth.apps.own(who.id, id), {})


@blueprint.post("/i/apps/<int:id>/secret")
def new_secret(id: int) -> Response:
    if (who := viewer()) is None:
        return to_sign_in()
    made = services().auth.apps
    if request.form.get("of") == "client":
        secrets = {"Client secret": made.new_client_secret(who.id, id)}
    else:
        secrets = {"Consumer secret": made.new_consumer_secret(who.id, id)}
    return _app(made.own(who.id, id), secrets, status=201)


@blueprint.post("/i/apps/<int:id>/delete")
def delete_app(id: int) -> Response:
    if (who := viewer()) is None:
        return to_sign_in()
    services().auth.apps.delete(who.id, id)
    return redirect(url_for("web.apps"), 303)


def _app(app: App, secrets: dict[str, str | None], status: int = 200) -> Response:
    """`secrets` are shown this once."""
    shown = {name: secret for name, secret in secrets.items() if secret}
    return page("app.html", app=app, secrets=shown, form=forms.Form(), status=status)
