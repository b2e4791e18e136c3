"""Joining: a name, an address, a password, and the letter that confirms whose address it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.serving.auth.browsers import PASSWORD, Browser, address

pytestmark = pytest.mark.engines


def test_one_joins_by_opening_the_link_in_the_letter(browser: Browser, name: str) -> None:
    made = browser.register(name, name="Alice Áß")
    assert made.status_code == 201
    data = made.json()["data"]
    assert data | {"id": ""} == {
        "id": "",
        "username": name,
        "name": "Alice Áß",
        "email_confirmed": False,
    }
    early = browser.sign_in(name)
    assert early.status_code == 403
    assert "Confirm" in early.json()["detail"]

    token = browser.link(name, "confirm")
    for _ in range(2):  # opening it twice changes nothing
        assert browser.call("PUT", "/i/confirmations", token=token).status_code == 200
    assert browser.sign_in(name.upper()).status_code == 201
    me = browser.http.get("/2/users/me").json()["data"]
    assert me == {"id": data["id"], "name": "Alice Áß", "username": name}


def test_what_is_wrong_with_a_registration_is_said(browser: Browser, name: str) -> None:
    for field, value, says in (
        ("username", "not a name", "1 to 15"),
        ("username", "a" * 16, "1 to 15"),
        ("email", "nobody", "e-mail"),
        ("email", "a@b@c.org", "e-mail"),
        ("email", "a\u0000@example.org", "e-mail"),
        ("password", "short", "8 to 128"),
        ("password", "x" * 129, "8 to 128"),
        ("name", "x" * 51, "1 to 50"),
        ("name", "a\u0000b", "1 to 50"),
    ):
        answer = browser.register(**{"username": name, field: value})
        assert answer.status_code == 400, (field, value)
        error = answer.json()["errors"][0]
        assert field in error["parameters"]
        assert says in error["message"]
        assert value not in str(error["parameters"]) or field in ("username", "name")
    assert browser.register(name).status_code == 201


def test_a_name_or_address_is_somebodys_alone_in_any_case(browser: Browser, name: str) -> None:
    browser.join(name)
    for taken, field in (
        ({"username": name.upper(), "email": f"other_{name}@example.org"}, "username"),
        ({"username": name[::-1].strip("_"), "email": address(name).upper()}, "email"),
    ):
        answer = browser.register(**taken)
        assert answer.status_code == 400
        assert field in answer.json()["errors"][0]["parameters"]


def test_a_link_that_was_changed_confirms_nothing(browser: Browser, name: str) -> None:
    browser.register(name)
    token = browser.link(name, "confirm")
    for bad in (token[:-1], token[1:], "", "x.y.z", "\u0000"):
        assert browser.call("PUT", "/i/confirmations", token=bad).status_code == 400
    assert browser.sign_in(name).status_code == 403


def test_another_letter_may_be_asked_for_and_strangers_learn_nothing(
    browser: Browser, name: str
) -> None:
    browser.register(name)
    browser.link(name, "confirm")
    known = browser.call("POST", "/i/confirmations", email=address(name))
    unknown = browser.call("POST", "/i/confirmations", email=f"no_{address(name)}")
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json()
    browser.link(name, "confirm", nth=2)


def test_a_form_of_another_site_cannot_write(
    new_browser: Callable[[], Browser], browser: Browser, name: str
) -> None:
    """A form cannot say that it is JSON, and knows no CSRF token."""
    given = {"username": name, "password": PASSWORD}
    assert browser.http.post("/i/sessions", data=given).status_code == 400
    text = browser.http.post(
        "/i/sessions",
        content=b'{"username": "x", "password": "y"}',
        headers={"content-type": "text/plain"},
    )
    assert text.status_code == 400
