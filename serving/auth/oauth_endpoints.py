"""Where do apps come for tokens? The addresses of the X API; no cookie is looked at here.

The pages on which people consent are `serving.web.consent`.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from serving.auth.oauth2 import AppInvalidation, Revocation
from serving.http import answer
from serving.services import services

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/2/oauth2/token")
def token() -> Response:
    return services().auth.oauth2.create_token_response()


@blueprint.post("/2/oauth2/revoke")
def revoke() -> Response:
    return services().auth.oauth2.create_endpoint_response(Revocation.ENDPOINT_NAME)


@blueprint.post("/oauth2/token")
def app_token() -> Response:
    return services().auth.app_tokens.create_token_response()


@blueprint.post("/oauth2/invalidate_token")
def invalidate_app_token() -> Response:
    return services().auth.app_tokens.create_endpoint_response(AppInvalidation.ENDPOINT_NAME)


@blueprint.post("/oauth/request_token")
def request_token() -> Response:
    return services().auth.oauth1.create_temporary_credentials_response(request)


@blueprint.route("/oauth/access_token", methods=["GET", "POST"])
def access_token() -> Response:
    return services().auth.oauth1.token_response(request)


@blueprint.post("/oauth/invalidate_token")
def invalidate_token() -> Response:
    """The token that signs this very request ends."""
    ended = services().auth.signed.token(request)
    services().auth.oauth1.credentials.revoke(ended)
    return answer({"access_token": ended})
