"""The pages on which a person lets an app act for them, or not. No other site may frame them."""

from __future__ import annotations

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from flask import Response, redirect, request

from serving.auth import cookies
from serving.auth.oauth1_credentials import OUT_OF_BAND, Pending
from serving.auth.scopes import SCOPES
from serving.services import services
from serving.web import forms
from serving.web.pages import blueprint, may_send_to, page, to_sign_in, viewer

BOTH = ("GET", "POST")
GONE = "This request is not known, was decided already, or is too old. Begin again in the app."


@blueprint.route("/i/oauth2/authorize", methods=BOTH)
@blueprint.route("/2/oauth2/authorize", methods=BOTH)
def authorize() -> Response:
    """OAuth 2.0. Errors go to the app where its address is known to be its own, else are shown."""
    server = services().auth.oauth2
    try:
        grant = server.get_consent_grant(end_user=viewer())
    except OAuth2Error as error:
        if error.redirect_uri:
            return server.handle_error_response(None, error)
        said = error.get_error_description() or error.error
        return page("error.html", title="This request cannot be granted", said=said, status=400)
    if viewer() is None:
        return to_sign_in()
    if request.method == "POST":
        return server.create_authorization_response(
            grant_user=cookies.token() if _allowed() else None, grant=grant
        )
    return _ask(grant.client.name, grant.request.scope.split(), grant.redirect_uri)


@blueprint.route("/oauth/authorize", methods=BOTH)
@blueprint.route("/oauth/authenticate", methods=BOTH)
def authorize_oauth1() -> Response:
    """OAuth 1.0a. The app gets a verifier, or the person a PIN to type into it."""
    credentials = services().auth.oauth1.credentials
    pending = credentials.pending(request.args.get("oauth_token", ""))
    if pending is None or pending.account_id is not None:
        return page("error.html", title="Nothing to decide", said=GONE, status=400)
    if viewer() is None:
        return to_sign_in()
    if request.method == "GET":
        return _ask(pending.app_name, pending.scopes, pending.callback)
    return _allow(pending) if _allowed() else _deny(pending)


def _allow(pending: Pending) -> Response:
    verifier = services().auth.oauth1.credentials.allow(pending, cookies.token())
    if verifier is None:
        return page("error.html", title="Nothing to decide", said=GONE, status=400)
    if pending.callback == OUT_OF_BAND:
        return page("pin.html", app=pending.app_name, pin=verifier)
    return _back(pending, oauth_token=pending.token, oauth_verifier=verifier)


def _deny(pending: Pending) -> Response:
    services().auth.oauth1.credentials.forget(pending.token)
    if pending.callback == OUT_OF_BAND:
        return page("denied.html", app=pending.app_name)
    return _back(pending, denied=pending.token)


def _back(pending: Pending, **said: str) -> Response:
    return redirect(add_params_to_uri(pending.callback, list(said.items())), 302)


def _ask(app: str, scopes: list[str], target: str) -> Response:
    host = target.partition("://")[2].split("/")[0] or target
    asked = page(
        "consent.html",
        app=app,
        scopes=[SCOPES[scope] for scope in scopes],
        target=None if target == OUT_OF_BAND else host,
        form=forms.Form(),
        here=request.full_path,
    )
    return asked if target == OUT_OF_BAND else may_send_to(asked, target)


def _allowed() -> bool:
    return request.form.get("decision") == "allow"
