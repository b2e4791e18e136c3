"""The pages: the same as the JSON, for people, and nothing that another site could misuse."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from serving.app import create_app
from serving.web.settings import device
from settings import Settings
from tests.serving.auth.browsers import PASSWORD, Browser, address
from tests.serving.auth.consenting import new_app
from tests.serving.auth.test_passwords import NEW

engines = pytest.mark.engines


def send(browser: Browser, path: str, action: str = "", **fields: str | list) -> httpx.Response:
    """Fills in the form of a page and presses its button."""
    shown = browser.http.get(path)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', shown.text)
    assert token is not None, shown.text
    return browser.http.post(action or path, data={"csrf_token": token[1], **fields})


@engines
def test_one_joins_and_signs_in_by_forms_alone(browser: Browser, name: str) -> None:
    bad = send(browser, "/i/signup", username=name, email="nobody", password=PASSWORD, name="")
    assert bad.status_code == 400
    assert 'aria-invalid="true"' in bad.text
    assert PASSWORD not in bad.text
    given = {"username": name, "email": address(name), "password": PASSWORD, "name": ""}
    assert "Look into your mail" in send(browser, "/i/signup", **given).text
    token = browser.link(name, "confirm")
    path = f"/i/confirm?token={token}"
    assert browser.http.get(path).status_code == 200  # opening it confirms nothing yet
    early = send(browser, "/i/signin", username=name, password=PASSWORD)
    assert early.status_code == 403
    assert "/i/confirm/again" in early.text
    send(browser, "/i/confirm/again", email=address(name))
    browser.link(name, "confirm", nth=2)
    assert name in send(browser, path, "/i/confirm", token=token).text

    away = "https://evil.example.org/"
    for onward, goes_to in (
        ("/i/apps", "/i/apps"),
        (away, "/i/settings"),
        ("//evil.example.org/", "/i/settings"),
        ("/i/\\evil.example.org", "/i/settings"),
    ):
        signed = send(browser, "/i/signin", username=name, password=PASSWORD, next=onward)
        assert signed.status_code == 303
        assert signed.headers["location"] == goes_to
    page = browser.http.get("/i/settings").text
    assert "Tests 1.0" in page
    assert send(browser, "/i/settings", "/i/signout").status_code == 303
    assert browser.http.get("/i/settings").headers["location"] == "/i/signin?next=/i/settings"


@engines
def test_a_password_is_changed_and_reset_by_forms(dave: Browser, name: str) -> None:
    wrong = send(
        dave,
        "/i/settings",
        "/i/settings/password",
        current_password="not it at all",
        new_password=NEW,
    )
    assert "This is not your password." in wrong.text
    changed = send(
        dave, "/i/settings", "/i/settings/password", current_password=PASSWORD, new_password=NEW
    )
    assert changed.status_code == 303
    assert "is changed" in dave.http.get(changed.headers["location"]).text
    send(dave, "/i/forgot", email=address(name))
    token = dave.link(name, "reset")
    reset = send(dave, f"/i/reset?token={token}", "/i/reset", token=token, new_password=PASSWORD)
    assert reset.status_code == 303
    assert dave.sign_in(name, PASSWORD).status_code == 201


@engines
def test_apps_are_made_changed_and_deleted_by_forms(dave: Browser) -> None:
    made = send(
        dave,
        "/i/apps/new",
        name="<b>Bold</b>",
        redirect_uris="https://example.org/a\nhttps://example.org/b",
        confidential="y",
        scopes=["tweet.read", "users.read"],
    )
    assert made.status_code == 201
    assert "Client secret" in made.text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in made.text
    app = dave.http.get("/i/developer/apps").json()["data"][0]
    assert app["redirect_uris"] == ["https://example.org/a", "https://example.org/b"]
    path = f"/i/apps/{app['id']}"
    assert "Consumer secret" in send(dave, path, f"{path}/secret", of="consumer").text
    assert send(dave, path, f"{path}/delete").status_code == 303
    assert dave.http.get(path).status_code == 404


@engines
@pytest.mark.parametrize("path", ["/i/signin", "/i/signup", "/i/settings", "/i/nothing"])
def test_no_page_may_be_framed_or_run_a_script(dave: Browser, path: str) -> None:
    page = dave.http.get(path)
    if path == "/i/nothing":
        assert page.status_code == 404
        return
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"


def test_cookies_are_for_https_alone_where_browsers_come_by_https(settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://starling.example.org"})
    for known, secure in ((settings, False), (public, True)):
        answer = create_app(known).test_client().get("/i/signin")
        assert ("Secure" in answer.headers["set-cookie"]) is secure


@engines
def test_a_form_that_is_not_ours_changes_nothing(dave: Browser) -> None:
    for path in ("/i/signin", "/i/signup", "/i/signout", "/i/settings/sessions/end", "/i/apps/new"):
        answer = dave.http.post(path, data={"username": "x", "csrf_token": "made up"})
        assert answer.status_code == 403
        assert "too old" in answer.text
    assert dave.me() == 200


@engines
def test_nothing_personal_is_in_any_log(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    app = new_app(dave)
    asks = f"/i/oauth2/authorize?client_id={app['client_id']}&state=my-secret-state"
    dave.http.get(asks)
    dave.call("POST", "/i/password_resets", email=address(name))
    tokens = [dave.link(name, "confirm"), dave.link(name, "reset")]
    dave.http.get(f"/i/reset?token={tokens[1]}")
    dave.sign_in(f"no_{address(name)}", "a wrong password")
    secret = [
        *tokens,
        *(address(name), PASSWORD, "a wrong password", "my-secret-state"),
        *(app["client_secret"], app["consumer_secret"]),
        dave.http.cookies["starling_session"],
    ]
    logs = list((dave.settings.state_dir / "logs").glob("*.log"))
    assert any(log.name == "api.log" for log in logs)
    for log in logs:
        text = log.read_text(errors="replace")
        assert not [s for s in secret if s in text], log.name


def test_a_browser_is_named_so_that_one_knows_it_again() -> None:
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    for agent, name in (
        (chrome, "Chrome on Linux"),
        (f"{chrome} Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "curl"),
        ("Tests 1.0", "Tests 1.0"),
        ("", "An unnamed browser"),
    ):
        assert device(agent) == name
