"""How does a person answer a consent page, and an app ask for tokens by hand?"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.serving.auth.browsers import Browser

CALLBACK = "http://127.0.0.1:9/back"
SCOPES = ["tweet.read", "tweet.write", "users.read", "offline.access"]


def press(browser: Browser, url: str, decision: str = "allow") -> httpx.Response:
    """Opens the page and presses a button of its form. `url` may be of any host."""
    parts = urlsplit(url)
    here = f"{parts.path}?{parts.query}"
    shown = browser.http.get(here)
    assert shown.status_code == 200, shown.text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', shown.text)
    assert token is not None
    form = {"csrf_token": token[1], "decision": decision}
    return browser.http.post(here, data=form)


def sent_back(answer: httpx.Response) -> dict[str, str]:
    """What the redirect to the app says."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def new_app(browser: Browser, **more: Any) -> dict[str, Any]:
    """The app as it was answered, secrets included."""
    given = {"name": "Tests", "scopes": SCOPES, "redirect_uris": [CALLBACK]} | more
    answer = browser.call("POST", "/i/developer/apps", **given)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


class AppByHand:
    """A program that speaks OAuth 2.0 without a library."""

    def __init__(self, browser: Browser, app: dict[str, Any]) -> None:
        self.url, self.app = browser.settings.api_url, app
        self.verifier = secrets.token_urlsafe(48)

    def asks(self, **more: str | None) -> str:
        """The address of the consent page."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.app["client_id"],
            "redirect_uri": CALLBACK,
            "scope": " ".join(SCOPES),
            "state": "the state",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        } | more
        known = {name: value for name, value in query.items() if value is not None}
        return str(httpx.URL(f"{self.url}/i/oauth2/authorize", params=known))

    def consent(self, browser: Browser, **more: str) -> str:
        """The code of a consent."""
        return sent_back(press(browser, self.asks(**more)))["code"]

    def exchange(self, code: str, **more: str) -> httpx.Response:
        return self.send(
            "/2/oauth2/token",
            grant_type="authorization_code",
            code=code,
            redirect_uri=CALLBACK,
            code_verifier=self.verifier,
            **more,
        )

    def refresh(self, token: str) -> httpx.Response:
        return self.send("/2/oauth2/token", grant_type="refresh_token", refresh_token=token)

    def send(self, path: str, **form: str) -> httpx.Response:
        """As the client it is: with its secret, or by its id alone."""
        secret = self.app.get("client_secret")
        auth = (self.app["client_id"], secret) if secret else None
        if not secret:
            form["client_id"] = self.app["client_id"]
        return httpx.post(f"{self.url}{path}", data=form, auth=auth, timeout=20)

    def status(self, token: str) -> int:
        """Of asking the API who the token speaks for."""
        bearer = {"authorization": f"Bearer {token}"}
        return httpx.get(f"{self.url}/2/users/me", headers=bearer, timeout=20).status_code
