"""A new password ends everything that the old one opened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from serving.errors import StoreUnavailable, Unauthorized
from serving.services import make
from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.serving.auth.browsers import PASSWORD, Browser, address
from tests.serving.auth.consenting import AppByHand, new_app, press

pytestmark = pytest.mark.engines
NEW = "another horse battery"


def change(browser: Browser, old: str = PASSWORD, new: str = NEW) -> httpx.Response:
    return browser.call("PUT", "/i/password", current_password=old, new_password=new)


def test_a_new_password_needs_the_old_one(dave: Browser, name: str) -> None:
    wrong = change(dave, old="not the password")
    assert wrong.status_code == 400
    assert "current_password" in wrong.json()["errors"][0]["parameters"]
    short = change(dave, new="short")
    assert "new_password" in short.json()["errors"][0]["parameters"]
    assert change(dave).status_code == 200
    assert dave.me() == 200  # with the new session that came with the answer
    assert dave.sign_in(name, PASSWORD).status_code == 401
    assert dave.sign_in(name, NEW).status_code == 201
    until(lambda: "was changed" in str(dave.letters(name)[-1]["Subject"]))


def test_a_letter_lets_one_choose_a_new_password_once(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    other = new_browser()
    asked = other.call("POST", "/i/password_resets", email=address(name))
    unknown = other.call("POST", "/i/password_resets", email=f"no_{address(name)}")
    assert (asked.status_code, asked.json()) == (unknown.status_code, unknown.json())
    token = other.link(name, "reset")
    used = {"token": token, "new_password": NEW}
    assert other.call("PUT", "/i/password_resets", **used | {"token": "x"}).status_code == 400
    assert other.call("PUT", "/i/password_resets", **used).status_code == 200
    assert other.call("PUT", "/i/password_resets", **used).status_code == 400
    confirm = dave.link(name, "confirm")  # a link of another kind
    assert other.call("PUT", "/i/password_resets", **used | {"token": confirm}).status_code == 400
    until(lambda: dave.me() == 401, seconds=5)
    assert other.sign_in(name, NEW).status_code == 201


def test_nothing_changes_while_redis_cannot_hear_of_it(dave: Browser, name: str) -> None:
    """It would still know, when it comes back, what had ended meanwhile."""
    with frozen(dave.settings.redis_port):
        assert change(dave).status_code == 503
        assert dave.call("DELETE", "/i/sessions").status_code == 503
        assert dave.me() == 200
    until(lambda: dave.sign_in(name, PASSWORD).status_code == 201)


def test_signing_out_everywhere_ends_tokens_too(dave: Browser, api_server: Settings) -> None:
    services = make(api_server)
    id = int(dave.http.get("/2/users/me").json()["data"]["id"])
    token = services.tokens.issue(id, ["tweet.read", "users.read"])
    services.close()
    bearer = {"authorization": f"Bearer {token}"}
    url = f"{api_server.api_url}/2/users/me"
    assert httpx.get(url, headers=bearer).status_code == 200
    assert dave.call("DELETE", "/i/sessions").status_code == 200
    until(lambda: httpx.get(url, headers=bearer).status_code == 401, seconds=5)
    assert dave.me() == 401


def test_nothing_outlives_a_change_however_hard_it_is_asked_meanwhile(
    dave: Browser, name: str, api_server: Settings
) -> None:
    """Caches of this process and of Redis are filled all the while, by two API processes' worth of
    readers: one over HTTP, and a second set of caches in this process.
    """
    services = make(api_server)
    id = int(dave.http.get("/2/users/me").json()["data"]["id"])
    tokens = [services.tokens.issue(id, ["tweet.read", "users.read"]) for _ in range(4)]
    last_good = dict.fromkeys((*tokens, *(f"here {t}" for t in tokens)), 0.0)
    stop = threading.Event()

    def over_http(token: str) -> None:
        with httpx.Client(base_url=api_server.api_url, timeout=20) as client:
            while not stop.is_set():
                if client.get(
                    "/2/users/me", headers={"authorization": f"Bearer {token}"}
                ).is_success:
                    last_good[token] = time.monotonic()

    def here(token: str) -> None:
        while not stop.is_set():
            try:
                services.tokens.principal(token)
                last_good[f"here {token}"] = time.monotonic()
            except (Unauthorized, StoreUnavailable):
                stop.wait(0.01)

    threads = [threading.Thread(target=t, args=(k,)) for t in (over_http, here) for k in tokens]
    for thread in threads:
        thread.start()
    try:
        until(lambda: all(last_good.values()))
        assert change(dave).status_code == 200
        changed = time.monotonic()
        until(lambda: max(last_good.values()) < time.monotonic() - 1, seconds=15)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        services.close()
    assert max(last_good.values()) - changed < 5


def test_nothing_is_issued_across_a_change_that_outlives_it(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    """Sign-ins with the old password, consents and refresh tokens, all under way as it changes."""
    app, issued, stop = AppByHand(dave, new_app(dave)), [], threading.Event()
    first = app.exchange(app.consent(dave)).json()
    other = new_browser()
    other.sign_in(name)

    def refresh() -> None:
        token = first
        while not stop.is_set():
            answer = app.refresh(token["refresh_token"])
            if not answer.is_success:
                return
            token = answer.json()
            issued.append(("token", token["access_token"]))

    def consent() -> None:
        by_hand = AppByHand(dave, app.app)
        while not stop.is_set():
            try:
                answer = press(other, by_hand.asks())
            except AssertionError:
                return  # asked to sign in
            code = dict(parse_qsl(urlsplit(answer.headers.get("location", "")).query)).get("code")
            if code is None:
                return
            token = by_hand.exchange(code)
            if token.is_success:
                issued.append(("token", token.json()["access_token"]))

    def sign_in() -> None:
        browser = new_browser()
        while not stop.is_set():
            if browser.sign_in(name).status_code != 201:
                return
            issued.append(("session", browser.http.cookies["starling_session"]))

    threads = [threading.Thread(target=target) for target in (refresh, consent, sign_in, sign_in)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(issued) > 8, why="too little was issued")
        assert change(dave).status_code == 200
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive(), "still served after the change"
    finally:
        stop.set()

    def good(kind: str, secret: str) -> bool:
        header = {"authorization": f"Bearer {secret}"}
        if kind == "session":
            header = {"cookie": f"starling_session={secret}"}
        return httpx.get(f"{app.url}/2/users/me", headers=header, timeout=20).is_success

    until(lambda: not any(good(*each) for each in issued[-12:]), seconds=5)
    assert not any(good(*each) for each in issued)
    assert dave.me() == 200
