"""How does OAuth 1.0a speak with apps, and is a request signed by whom it says?

Authlib knows the protocol. Two things are done here otherwise: a nonce is burnt only when the
signature is good, so nobody fills Redis without a key; and parameters are signed as they are, where
Authlib decodes those that begin with `oauth_` a second time.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlsplit

from authlib.common.urls import url_encode
from authlib.oauth1 import OAuth1Request
from authlib.oauth1.rfc5849.authorization_server import AuthorizationServer
from authlib.oauth1.rfc5849.base_server import BaseServer
from authlib.oauth1.rfc5849.errors import (
    InvalidNonceError,
    InvalidRequestError,
    InvalidTokenError,
    MissingRequiredParameterError,
    OAuth1Error,
)
from authlib.oauth1.rfc5849.resource_protector import ResourceProtector
from authlib.oauth1.rfc5849.signature import (
    hmac_sha1_signature,
    normalize_base_string_uri,
    normalize_parameters,
)
from authlib.oauth1.rfc5849.util import escape
from flask import Request, Response

from serving.auth.apps import App, Apps
from serving.auth.known import Known
from serving.auth.oauth1_credentials import OUT_OF_BAND, OAuth1Credentials, Pair, Pending
from serving.auth.scopes import REFRESHABLE
from serving.errors import Unauthorized
from serving.principal import Principal
from serving.stores.redis import RedisStore
from settings import Settings

SKEW_SECONDS = 300  # how far an app's clock may be off, either way
UNSIGNED = ("oauth_signature", "realm")


class Signed(OAuth1Request):
    """A request with all its parameters, repeated ones too. Raises `ValueError` for a bad header.

    The signature covers the address as the app knows it, which behind the edge is not ours.
    """

    def __init__(self, request: Request, web_url: str) -> None:
        edge = urlsplit(web_url)
        base = f"{edge.scheme}://{request.host}{request.path}"
        super().__init__(
            request.method,
            base if request.host == edge.netloc else request.base_url,
            None,
            request.headers,
        )
        given = list(request.args.items(multi=True))
        if request.mimetype == "application/x-www-form-urlencoded":  # other bodies are not signed
            given += request.form.items(multi=True)
        self.params = given + self.auth_params
        if not self.oauth_params:
            self.oauth_params = {k: v for k, v in given if k.startswith("oauth_")}


def verify(request: OAuth1Request) -> bool:
    """HMAC-SHA1 over method, address and parameters (RFC 5849, section 3.4)."""
    signed = [(k, v) for k, v in request.params if k not in UNSIGNED]
    address = normalize_base_string_uri(request.uri, request.headers.get("Host"))
    parts = (request.method.upper(), address, normalize_parameters(signed))
    expected = hmac_sha1_signature(
        "&".join(map(escape, parts)), request.client_secret, request.token_secret
    )
    return hmac.compare_digest(expected.encode(), request.signature.encode())


class Checks(BaseServer):
    SIGNATURE_METHODS = {"HMAC-SHA1": verify}  # noqa: RUF012 - as Authlib declares it

    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis

    def validate_timestamp_and_nonce(self, request: OAuth1Request) -> None:
        timestamp = request.timestamp or ""
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp[:15])) > SKEW_SECONDS:
            raise InvalidRequestError('Invalid "oauth_timestamp" value')
        if not request.oauth_params.get("oauth_nonce"):
            raise MissingRequiredParameterError("oauth_nonce")

    def validate_oauth_signature(self, request: OAuth1Request) -> None:
        super().validate_oauth_signature(request)
        if self.exists_nonce(request.oauth_params["oauth_nonce"], request):
            raise InvalidNonceError

    def exists_nonce(self, nonce: str, request: OAuth1Request) -> bool:
        """Remembers it for as long as its timestamp would be taken."""
        said = "\0".join((request.client_id, request.token or "", request.timestamp, nonce))
        key = f"nonce:{hashlib.sha256(said.encode()).hexdigest()}"
        return self._redis.command("SET", key, 1, "NX", "EX", 2 * SKEW_SECONDS) is None


class Client:
    def __init__(self, secret: str, app: App | None = None) -> None:
        self.secret, self.app = secret, app

    def get_client_secret(self) -> str:
        return self.secret


class Requests(Checks, ResourceProtector):
    """Requests to the API that are signed for a person."""

    def __init__(
        self, settings: Settings, credentials: OAuth1Credentials, redis: RedisStore
    ) -> None:
        super().__init__(redis)
        self._settings, self._credentials = settings, credentials

    def principal(self, request: Request) -> Principal:
        """Raises `Unauthorized`, `StoreUnavailable`."""
        return self._check(request)[1].principal

    def token(self, request: Request) -> str:
        """The token it is signed with. Raises as `principal`."""
        return self._check(request)[0]

    def _check(self, request: Request) -> tuple[str, Known]:
        try:
            signed = Signed(request, self._settings.web_url)
            known = self._credentials.known(signed.token or "")
            key, app_secret, secret = known.secrets
            if signed.client_id != key:
                raise Unauthorized
            signed.client = Client(self._credentials.open(app_secret))
            signed.credential = Pair(signed.token, self._credentials.open(secret))
            self.validate_timestamp_and_nonce(signed)
            self.validate_oauth_signature(signed)
        except (OAuth1Error, ValueError):
            raise Unauthorized from None
        return signed.token, known


class Server(Checks, AuthorizationServer):
    """How an app comes by a token: temporary credentials, a person's consent, the exchange."""

    def __init__(
        self, settings: Settings, apps: Apps, credentials: OAuth1Credentials, redis: RedisStore
    ) -> None:
        super().__init__(redis)
        self._settings, self._apps, self.credentials = settings, apps, credentials

    def create_oauth1_request(self, request: Request) -> OAuth1Request:
        try:
            return Signed(request, self._settings.web_url)
        except ValueError:
            raise InvalidRequestError("Malformed authorization header") from None

    def handle_response(self, status: int, payload: Any, headers: Any) -> Response:
        said = [(name, "true" if value is True else value) for name, value in payload]
        return Response(url_encode(said), status, headers)

    def get_client_by_id(self, client_id: str) -> Client | None:
        app = self._apps.by_consumer_key(client_id)
        return Client(self._apps.consumer_secret(app), app) if app else None

    def validate_temporary_credentials_request(self, request: OAuth1Request) -> OAuth1Request:
        """A callback is one of the app's own, exactly; an app that says none lets people type."""
        said = request.redirect_uri
        request.oauth_params.setdefault("oauth_callback", OUT_OF_BAND)
        super().validate_temporary_credentials_request(request)
        if said not in (None, OUT_OF_BAND) and said not in request.client.app.redirect_uris:
            raise InvalidRequestError("This callback is not one of the app's.", status_code=403)
        return request

    def create_temporary_credential(self, request: OAuth1Request) -> Pair:
        """For all the app may do, or less: `x_auth_access_type=read`, as in the X API."""
        app, access = request.client.app, dict(request.params).get("x_auth_access_type")
        scopes = [s for s in app.scopes if s != REFRESHABLE]
        if access == "read":
            scopes = [scope for scope in scopes if scope.endswith(".read")]
        return self.credentials.begin(app, request.redirect_uri, scopes)

    def get_temporary_credential(self, request: OAuth1Request) -> Pending | None:
        return self.credentials.pending(request.token)

    def token_response(self, request: Request) -> Response:
        """The token, and whose it is, as the X API answers."""
        try:
            signed = self.create_oauth1_request(request)
            try:
                self.validate_token_request(signed)
                if signed.client.app.id != signed.credential.app_id:
                    raise InvalidTokenError
            except OAuth1Error:
                if signed.token:
                    self.credentials.forget(signed.token)
                raise
            pair = self.credentials.exchange(signed.credential)
            if pair is None:
                raise InvalidTokenError
        except OAuth1Error as error:
            return self.handle_error_response(error)
        payload = [
            ("oauth_token", pair.token),
            ("oauth_token_secret", pair.secret),
            ("user_id", str(signed.credential.account_id)),
            ("screen_name", signed.credential.username),
        ]
        return self.handle_response(200, payload, self.TOKEN_RESPONSE_HEADER)
