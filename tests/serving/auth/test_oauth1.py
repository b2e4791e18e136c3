"""OAuth 1.0a: signatures over all that a request says, good once, and the way to a token."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from oauthlib.oauth1 import Client

from tests.engines.waiting import until
from tests.serving.auth.browsers import Browser
from tests.serving.auth.consenting import CALLBACK, new_app, press
from tests.serving.auth.test_passwords import change

pytestmark = pytest.mark.engines


class Signer:
    """An app that signs with oauthlib, for whichever token it holds."""

    def __init__(self, browser: Browser, app: dict[str, str]) -> None:
        self.url, self.app = browser.settings.api_url, app
        self.token = self.secret = self.verifier = self.callback = None

    def headers(self, method: str, path: str, body: str | None = None, **more: str) -> dict:
        client = Client(
            self.app["consumer_key"],
            client_secret=self.app["consumer_secret"],
            resource_owner_key=self.token,
            resource_owner_secret=self.secret,
            verifier=self.verifier,
            callback_uri=self.callback,
            **more,
        )
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        _, headers, _ = client.sign(f"{self.url}{path}", method, body, form)
        return headers

    def send(self, method: str, path: str, body: str | None = None, **more: str) -> httpx.Response:
        headers = self.headers(method, path, body, **more)
        return httpx.request(method, f"{self.url}{path}", content=body, headers=headers, timeout=20)

    def ask(self, callback: str | None, path: str = "/oauth/request_token") -> str:
        """Takes temporary credentials; the address of the consent page."""
        self.token = self.secret = self.verifier = None
        self.callback = callback
        said = dict(parse_qsl(self.send("POST", path).text))
        assert said["oauth_callback_confirmed"] == "true"
        self.token, self.secret = said["oauth_token"], said["oauth_token_secret"]
        self.callback = None
        return f"{self.url}/oauth/authorize?oauth_token={self.token}"

    def exchange(self, verifier: str) -> dict[str, str]:
        self.verifier = verifier
        answer = self.send("POST", "/oauth/access_token")
        assert answer.status_code == 200, answer.text
        said = dict(parse_qsl(answer.text))
        self.token, self.secret, self.verifier = (
            said["oauth_token"],
            said["oauth_token_secret"],
            None,
        )
        return said

    def connect(self, browser: Browser) -> dict[str, str]:
        back = press(browser, self.ask(CALLBACK)).headers["location"]
        return self.exchange(dict(parse_qsl(urlsplit(back).query))["oauth_verifier"])


@pytest.fixture
def app(dave: Browser) -> Signer:
    return Signer(dave, new_app(dave))


def test_an_app_gets_a_token_over_its_callback(dave: Browser, app: Signer, name: str) -> None:
    said = app.connect(dave)
    assert said["screen_name"] == name
    assert said["oauth_token"].startswith(f"{said['user_id']}-")
    me = app.send("GET", "/2/users/me?user.fields=created_at%2Cdescription")
    assert me.json()["data"]["id"] == said["user_id"]
    query = "ids=1%2C2&tweet.fields=author_id&expansions=author_id%2Creferenced_tweets.id"
    assert app.send("GET", f"/2/tweets?{query}").status_code == 200
    posted = httpx.post(
        f"{app.url}/2/tweets", json={"text": "signed"}, headers=app.headers("POST", "/2/tweets")
    )
    assert posted.status_code == 201


def test_an_app_may_ask_to_read_only(dave: Browser, app: Signer) -> None:
    url = app.ask(CALLBACK, path="/oauth/request_token?x_auth_access_type=read")
    assert "Post, repost" not in dave.http.get(url.removeprefix(app.url)).text
    back = press(dave, url).headers["location"]
    app.exchange(dict(parse_qsl(urlsplit(back).query))["oauth_verifier"])
    assert app.send("GET", "/2/users/me").status_code == 200
    posting = app.headers("POST", "/2/tweets")
    refused = httpx.post(f"{app.url}/2/tweets", json={"text": "x"}, headers=posting)
    assert refused.status_code == 403


def test_a_form_is_signed_and_other_bodies_are_not(dave: Browser, app: Signer) -> None:
    app.connect(dave)
    url, path = app.url, "/oauth/invalidate_token"
    headers = app.headers("POST", path, "a=1&a=2")
    assert httpx.post(f"{url}{path}", content="a=1&a=3", headers=headers).status_code == 401
    parts = app.headers("POST", path)
    answer = httpx.post(f"{url}{path}", data={"a": "1"}, files={"f": b"x"}, headers=parts)
    assert answer.status_code == 200


def test_a_person_may_type_a_pin_instead(dave: Browser, app: Signer, name: str) -> None:
    for callback in ("oob", None):
        page = press(dave, app.ask(callback))
        pin = page.text.partition("<code>")[2].partition("<")[0]
        assert len(pin) == 7
        assert app.exchange(pin)["screen_name"] == name


def test_a_wrong_pin_ends_the_request(dave: Browser, app: Signer) -> None:
    page = press(dave, app.ask("oob"))
    pin = page.text.partition("<code>")[2].partition("<")[0]
    app.verifier = "0000000" if pin != "0000000" else "1111111"
    assert app.send("POST", "/oauth/access_token").status_code == 400
    app.verifier = pin
    assert app.send("POST", "/oauth/access_token").status_code == 401


def test_a_request_is_decided_once_and_may_be_refused(dave: Browser, app: Signer) -> None:
    url = app.ask(CALLBACK)
    back = press(dave, url, decision="deny").headers["location"]
    assert back == f"{CALLBACK}?denied={app.token}"
    assert dave.http.get(url).status_code == 400
    url = app.ask(CALLBACK)
    press(dave, url)
    assert dave.http.get(url).status_code == 400


def test_only_its_own_callback_is_called(app: Signer) -> None:
    app.callback = f"{CALLBACK}/more"
    assert app.send("POST", "/oauth/request_token").status_code == 403


def test_a_request_is_good_once_and_only_as_it_was_signed(dave: Browser, app: Signer) -> None:
    app.connect(dave)
    path = "/2/users/me"
    headers = app.headers("GET", path)
    assert httpx.get(f"{app.url}{path}", headers=headers).status_code == 200
    assert httpx.get(f"{app.url}{path}", headers=headers).status_code == 401  # a replay

    other = app.headers("GET", path)
    changed = httpx.get(f"{app.url}{path}?user.fields=created_at", headers=other)
    assert changed.status_code == 401
    other = app.headers("GET", path)
    assert httpx.get(f"{app.url}/2/users?ids=1", headers=other).status_code == 401

    for clock in (-400, 400):
        stamp = str(int(time.time()) + clock)
        assert app.send("GET", path, timestamp=stamp).status_code == 401
    for signature in ("HMAC-SHA256", "PLAINTEXT"):
        assert app.send("GET", path, signature_method=signature).status_code == 401
    app.secret = "wrong"
    assert app.send("GET", path).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "OAuth",
        "OAuth nonsense",
        'OAuth oauth_token="x"',
        'OAuth oauth_token="x",oauth_consumer_key="y",oauth_signature="\u00e9"',
    ],
)
def test_nonsense_is_nobody(app: Signer, header: str) -> None:
    headers = {b"authorization": header.encode("latin-1")}
    assert httpx.get(f"{app.url}/2/users/me", headers=headers).status_code == 401
    assert httpx.post(f"{app.url}/oauth/request_token", headers=headers).status_code in (400, 401)


@pytest.mark.parametrize("end", ["password", "disconnect", "itself", "new secret"])
def test_a_token_ends(dave: Browser, app: Signer, end: str) -> None:
    app.connect(dave)
    assert app.send("GET", "/2/users/me").status_code == 200
    if end == "password":
        assert change(dave).status_code == 200
    elif end == "disconnect":
        dave.call("DELETE", f"/i/connections/{app.app['id']}")
    elif end == "itself":
        answer = app.send("POST", "/oauth/invalidate_token")
        assert answer.json() == {"access_token": app.token}
    else:
        made = dave.call(
            "POST", f"/i/developer/apps/{app.app['id']}/secrets", of="consumer"
        ).json()["data"]
    until(lambda: app.send("GET", "/2/users/me").status_code == 401, seconds=5)
    if end == "new secret":
        app.app["consumer_secret"] = made["consumer_secret"]
        until(lambda: app.send("GET", "/2/users/me").status_code == 200, seconds=5)
