"""How does OAuth 2.0 speak with apps? Authlib knows the protocol; here is what it asks us.

Two servers, because an app has two ways to say who it is: by client id for acting for people
(authorization code with PKCE, refresh tokens), and by consumer key for itself (`/oauth2/token`).
"""

from __future__ import annotations

import hmac
import logging
import os
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidGrantError, InvalidRequestError, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from serving.auth.apps import App, Apps
from serving.auth.grants import Granted, Grants, new_secret
from serving.auth.scopes import ALL_SCOPES, APP_ONLY, REFRESHABLE

CODES, REFRESH_TOKENS = "authorization_codes", "refresh_tokens"
BY_CLIENT = ("client_secret_basic", "client_secret_post", "none")
BY_CONSUMER = ("client_secret_basic",)

# Whether the way here is encrypted is for the edge to see to, which ends TLS before us.
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")
logging.getLogger("authlib").setLevel(logging.WARNING)  # below that it logs tokens


class Server(AuthorizationServer):
    """With our parts at hand for the grants, which Authlib makes anew for each request."""

    def __init__(self, apps: Apps, granted: Grants, *, seconds: int) -> None:
        super().__init__()
        self.apps, self.granted, self._seconds = apps, granted, seconds
        self.scopes_supported = ALL_SCOPES
        self.register_token_generator("default", self._token)

    def query_client(self, client_id: str) -> App | None:
        return self.apps.by_client_id(client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """In one transaction with using up what it is exchanged for."""
        table, old = CODES, request.authorization_code
        if old is None:
            table, old = REFRESH_TOKENS, request.refresh_token
        access, refresh = token["access_token"], token.get("refresh_token")
        if not self.granted.redeem(table, old, access, refresh, token["scope"].split()):
            raise InvalidGrantError("It was used before.")

    def _token(self, scope: str, include_refresh_token: bool, **_: Any) -> dict[str, Any]:
        token = {"token_type": "bearer", "expires_in": self._seconds, "access_token": new_secret()}
        if include_refresh_token and REFRESHABLE in scope.split():
            token["refresh_token"] = new_secret()
        return token | {"scope": scope}


class Code(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = BY_CLIENT

    def generate_authorization_code(self) -> str:
        return new_secret()

    def save_authorization_code(self, code: str, request: Any) -> None:
        """`request.user` is the token of the session that consents."""
        asked = request.payload.data
        added = self.server.granted.add_code(
            code,
            request.client,
            request.user,
            redirect_uri=request.payload.redirect_uri,
            scopes=request.scope.split(),
            challenge=asked["code_challenge"],
            method=asked["code_challenge_method"],
        )
        if not added:
            raise InvalidRequestError("The one who consents is not signed in any more.")

    def query_authorization_code(self, code: str, client: App) -> Granted | None:
        return self.server.granted.code(code, client)

    def authenticate_user(self, authorization_code: Granted) -> int:
        return authorization_code.account_id

    def delete_authorization_code(self, authorization_code: Granted) -> None:
        """It was used up with the saving of the token, and stays to tell of a second use."""


class Pkce(CodeChallenge):
    """Always, and only S256: a plain challenge is seen by whoever sees the request."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256", "s256")
    CODE_CHALLENGE_METHODS = dict.fromkeys(
        SUPPORTED_CODE_CHALLENGE_METHOD, CodeChallenge.CODE_CHALLENGE_METHODS["S256"]
    )

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or not asked.get("code_challenge_method"):
            raise InvalidRequestError("Missing 'code_challenge' or 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


class Refresh(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = BY_CLIENT
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Granted | None:
        """Of the app that asks: `_validate_request_client` comes first."""
        return self.server.granted.refresh_token(refresh_token, self.request.client)

    def authenticate_user(self, refresh_token: Granted) -> int:
        return refresh_token.account_id

    def revoke_old_credential(self, refresh_token: Granted) -> None:
        """It was used up with the saving of the new one."""


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = BY_CLIENT

    def create_endpoint_response(self, request: Any) -> tuple[int, dict[str, bool], Any]:
        """An unknown token is revoked too: it opens nothing. Both as RFC 7009 and the X API say."""
        client = self.authenticate_endpoint_client(request)
        self.check_params(request, client)
        self.server.granted.revoke(request.form["token"], client)
        return 200, {"revoked": True}, [("Content-Type", "application/json")]


class ConsumerClient(ClientMixin):
    """An app that says who it is by consumer key and secret."""

    def __init__(self, app: App, secret: str) -> None:
        self.app, self._secret = app, secret

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(self._secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class AppServer(Server):
    """`POST /oauth2/token`: apps that ask for themselves."""

    def query_client(self, client_id: str) -> ConsumerClient | None:  # type: ignore[override]
        app = self.apps.by_consumer_key(client_id)
        return ConsumerClient(app, self.apps.consumer_secret(app)) if app else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        self.granted.add_app_token(token["access_token"], request.client.app, sorted(APP_ONLY))

    def _token(self, **_: Any) -> dict[str, Any]:  # type: ignore[override]
        return {"token_type": "bearer", "access_token": new_secret()}


class AppToken(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = BY_CONSUMER


class AppInvalidation(RevocationEndpoint):
    """`POST /oauth2/invalidate_token`, with the token as `access_token`."""

    CLIENT_AUTH_METHODS = BY_CONSUMER

    def create_endpoint_response(self, request: Any) -> tuple[int, dict[str, str], Any]:
        client = self.authenticate_endpoint_client(request)
        token = request.form.get("access_token", "")
        if not self.server.granted.revoke(token, client.app):
            raise InvalidRequestError("Invalid 'access_token' in request.")
        return 200, {"access_token": token}, [("Content-Type", "application/json")]


def for_people(apps: Apps, granted: Grants, *, seconds: int) -> Server:
    server = Server(apps, granted, seconds=seconds)
    server.register_grant(Code, [Pkce(required=True)])
    server.register_grant(Refresh)
    server.register_endpoint(Revocation)
    return server


def for_apps(apps: Apps, granted: Grants) -> AppServer:
    server = AppServer(apps, granted, seconds=0)
    server.register_grant(AppToken)
    server.register_endpoint(AppInvalidation)
    return server
