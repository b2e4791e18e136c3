"""Which cookies does a browser hold? The session's, and one that the CSRF token is bound to."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request, session
from flask_wtf.csrf import generate_csrf

from serving.auth.authenticator import COOKIE
from serving.auth.sessions import SignedIn
from serving.services import services
from serving.signing import signing_key
from settings import Settings


def install(app: Flask, settings: Settings) -> None:
    """Flask's own session holds the CSRF secret alone; it is signed and begins anew at sign-in."""
    key = f"cookies {signing_key(settings)}"
    app.secret_key = hashlib.sha256(key.encode()).digest()
    app.config |= {
        "SESSION_COOKIE_NAME": "starling_csrf",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure(settings),
        "WTF_CSRF_TIME_LIMIT": None,  # it ends with the session
    }
    app.jinja_env.globals["csrf_token"] = generate_csrf


def secure(settings: Settings) -> bool:
    return settings.web_url.startswith("https:")


def csrf_token() -> str:
    token: str = generate_csrf()
    return token


def token() -> str:
    """The session's, as the browser sent it."""
    return request.cookies.get(COOKIE, "")


def renew() -> None:
    """A CSRF token that somebody knew before is worth nothing after signing in or out.

    Call before a page is written that shows the new one.
    """
    session.clear()


def begin(response: Response, signed: SignedIn) -> Response:
    settings = services().settings
    response.set_cookie(
        COOKIE,
        signed.token,
        max_age=settings.session_days * 86_400,
        httponly=True,
        samesite="Lax",
        secure=secure(settings),
    )
    return response


def end(response: Response) -> Response:
    renew()
    response.delete_cookie(
        COOKIE, httponly=True, samesite="Lax", secure=secure(services().settings)
    )
    return response
