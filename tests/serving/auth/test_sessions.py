"""Signing in and out, and what a session may do."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.engines.waiting import until
from tests.serving.auth.browsers import PASSWORD, Browser, address

pytestmark = pytest.mark.engines


def test_one_signs_in_by_name_or_address_and_out_again(browser: Browser, name: str) -> None:
    browser.join(name)
    for who in (name, address(name), address(name).upper()):
        answer = browser.sign_in(who)
        assert answer.status_code == 201
        cookie = next(c for c in answer.headers.get_list("set-cookie") if "starling_session" in c)
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert browser.me() == 200
    assert browser.call("DELETE", "/i/sessions/current").status_code == 200
    assert browser.me() == 401


def test_a_write_by_cookie_needs_the_csrf_token(dave: Browser) -> None:
    tweet = {"text": "hello"}
    assert dave.http.post("/2/tweets", json=tweet).status_code == 403
    wrong = dave.http.post("/2/tweets", json=tweet, headers={"x-csrf-token": dave.csrf[:-2]})
    assert wrong.status_code == 403
    assert dave.call("POST", "/2/tweets", **tweet).status_code == 201
    assert dave.http.delete("/i/sessions").status_code == 403


def test_a_session_is_no_bearer_token(dave: Browser) -> None:
    token = dave.http.cookies["starling_session"]
    answer = httpx.get(
        f"{dave.settings.api_url}/2/users/me", headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401


def test_sessions_are_listed_and_ended_one_by_one(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    other = new_browser()
    other.sign_in(name)
    assert other.me() == 200
    listed = dave.http.get("/i/sessions").json()["data"]
    assert [session["current"] for session in listed] == [False, True]
    assert {session["user_agent"] for session in listed} == {"Tests 1.0"}
    assert dave.call("DELETE", f"/i/sessions/{listed[0]['id']}").status_code == 200
    assert dave.call("DELETE", f"/i/sessions/{listed[0]['id']}").status_code == 404
    until(lambda: other.me() == 401, seconds=5)
    assert dave.me() == 200


def test_nobody_ends_the_session_of_somebody_else(
    new_browser: Callable[[], Browser], dave: Browser, name: str
) -> None:
    stranger = new_browser()
    stranger.join(f"x{name[5:]}")
    stranger.sign_in(f"x{name[5:]}")
    theirs = dave.http.get("/i/sessions").json()["data"][0]["id"]
    assert stranger.call("DELETE", f"/i/sessions/{theirs}").status_code == 404
    assert dave.me() == 200


def test_an_unknown_name_sounds_like_a_wrong_password(browser: Browser, name: str) -> None:
    browser.join(name)
    answers, seconds = {}, {}
    for who in (name, f"no{name[5:]}", "no\u0000body", "nobody@example.org"):
        began = time.perf_counter()
        answer = browser.sign_in(who, "not the password")
        seconds[who] = time.perf_counter() - began
        answers[who] = (answer.status_code, answer.json())
    assert len({str(answer) for answer in answers.values()}) == 1
    assert answers[name][0] == 401
    assert answers[name][1]["detail"] == "The name or the password is wrong."


def test_guesses_are_limited_however_many_come_at_once(browser: Browser, name: str) -> None:
    """Even the right password is refused then; other names are not concerned."""
    browser.join(name)
    limit = browser.settings.sign_in_attempts
    with ThreadPoolExecutor(8) as pool:
        guesses = list(
            pool.map(lambda n: browser.sign_in(name, f"guess {n}").status_code, range(limit + 8))
        )
    assert guesses.count(401) == limit
    assert guesses.count(429) == 8
    refused = browser.sign_in(name, PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= browser.settings.attempts_window_seconds


def test_an_address_has_so_many_attempts_for_all_names_together(
    new_browser: Callable[[], Browser], browser: Browser
) -> None:
    limit = browser.settings.address_attempts

    def ask(n: int) -> int:
        return browser.call("POST", "/i/confirmations", email=f"n{n}@example.org").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(limit + 5)))
    assert answers.count(202) == limit
    assert answers.count(429) == 5
    elsewhere = new_browser().call("POST", "/i/confirmations", email="n@example.org")
    assert elsewhere.status_code == 202
