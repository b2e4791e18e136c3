"""Developer apps: what they are called, where they may be called back, whose they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.serving.auth.browsers import Browser
from tests.serving.auth.consenting import SCOPES, AppByHand, new_app

pytestmark = pytest.mark.engines


def test_apps_are_made_listed_and_deleted_by_their_owner_alone(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    app = new_app(dave)
    listed = dave.http.get("/i/developer/apps").json()["data"]
    assert [a["id"] for a in listed] == [app["id"]]
    assert not {"client_secret", "consumer_secret"} & listed[0].keys()  # they were shown once
    path = f"/i/developer/apps/{app['id']}"
    stranger = new_browser()
    assert stranger.call("GET", "/i/developer/apps").status_code == 401
    stranger.join(f"x{name[5:]}")
    stranger.sign_in(f"x{name[5:]}")
    assert stranger.call("DELETE", path).status_code == 404
    assert stranger.call("POST", f"{path}/secrets", of="client").status_code == 404
    assert stranger.http.get(f"/i/apps/{app['id']}").status_code == 404
    assert dave.call("DELETE", path).status_code == 200
    assert dave.http.get("/i/developer/apps").json()["data"] == []


def test_what_is_wrong_with_an_app_is_said(dave: Browser) -> None:
    good = {"name": "Tests", "scopes": SCOPES, "redirect_uris": ["https://example.org/back"]}
    for field, value in (
        ("name", ""),
        ("name", "x" * 51),
        ("name", "a\u0000b"),
        ("scopes", []),
        ("scopes", ["everything"]),
        ("redirect_uris", ["nonsense"]),
        ("redirect_uris", ["http://example.org/back"]),
        ("redirect_uris", ["https://example.org/back#here"]),
        ("redirect_uris", ["https://me@example.org/"]),
        ("redirect_uris", ["javascript:alert(1)"]),
        ("redirect_uris", ["https://example.org/\u0000"]),
        ("redirect_uris", ["http://[::1"]),
        ("redirect_uris", [f"https://example.org/{n}" for n in range(11)]),
    ):
        answer = dave.call("POST", "/i/developer/apps", **good | {field: value})
        assert answer.status_code == 400, (field, value)
        assert field in answer.json()["errors"][0]["parameters"]
    allowed = ["https://example.org/b?a=b", "http://localhost:8000/", "org.example.app:/back"]
    assert new_app(dave, redirect_uris=allowed)["redirect_uris"] == allowed


def test_a_new_client_secret_ends_the_old_one(dave: Browser) -> None:
    app = AppByHand(dave, new_app(dave))
    code, path = app.consent(dave), f"/i/developer/apps/{app.app['id']}/secrets"
    made = dave.call("POST", path, of="client").json()["data"]
    assert app.exchange(code).json()["error"] == "invalid_client"
    app.app |= made
    assert app.exchange(code).status_code == 200
    public = new_app(dave, confidential=False)
    refused = dave.call("POST", f"/i/developer/apps/{public['id']}/secrets", of="client")
    assert refused.status_code == 400
