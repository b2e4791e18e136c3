"""Which proof does a request bring, and who is it then?

    Authorization: Bearer ...    an OAuth 2.0 token, of a person or of an app
    Authorization: OAuth ...     a signature of OAuth 1.0a, by an app for a person
    cookie `starling_session`    somebody who signed in on our pages; a write also needs the CSRF
                                 token in `x-csrf-token`, which other sites cannot know

Our own pages (`OPEN`) look at the cookie alone and ask nobody to have one: there one signs in. They
hold their forms to the CSRF token themselves.
"""

from __future__ import annotations

from flask import Request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from serving.auth.oauth1 import Requests
from serving.auth.sessions import Sessions
from serving.auth.tokens import Tokens, bearer_token
from serving.errors import Forbidden, Unauthorized
from serving.principal import Principal

COOKIE = "starling_session"
CSRF_HEADER = "x-csrf-token"
OPEN = ("/i/", "/oauth/", "/oauth2/", "/2/oauth2/")
READS = ("GET", "HEAD", "OPTIONS")


class Authenticator:
    def __init__(self, tokens: Tokens, signed: Requests, sessions: Sessions) -> None:
        self._tokens, self._signed, self._sessions = tokens, signed, sessions

    def principal(self, request: Request) -> Principal | None:
        """Who asks; None where nobody has to say.

        Raises `Unauthorized`, `Forbidden` for a write by cookie without its token, or
        `StoreUnavailable` where nobody can say.
        """
        if request.path.startswith(OPEN):
            return self._signed_in(request)
        header = request.headers.get("authorization", "")
        if not header and COOKIE in request.cookies:
            return self._by_cookie(request)
        if header[:6].lower() == "oauth ":
            return self._signed.principal(request)
        return self._tokens.principal(bearer_token(header))

    def _signed_in(self, request: Request) -> Principal | None:
        if COOKIE not in request.cookies:
            return None
        try:
            return self._sessions.principal(request.cookies[COOKIE])
        except Unauthorized:
            return None

    def _by_cookie(self, request: Request) -> Principal:
        principal = self._sessions.principal(request.cookies[COOKIE])
        if request.method not in READS:
            require_csrf(request)
        return principal


def require_csrf(request: Request) -> None:
    """Raises `Forbidden`."""
    try:
        validate_csrf(request.headers.get(CSRF_HEADER))
    except ValidationError as error:
        raise Forbidden(
            f"{error} Send the one from /i/sessions/current as {CSRF_HEADER}."
        ) from None
