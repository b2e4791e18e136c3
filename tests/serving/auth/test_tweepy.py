"""An existing client gets in by each of its ways, as it is: only the host is another."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import tweepy

from tests.serving.auth.browsers import Browser
from tests.serving.auth.consenting import CALLBACK, SCOPES, new_app, press

pytestmark = pytest.mark.engines


@pytest.fixture(autouse=True)
def host(dave: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """tweepy has its host built in: each request of any session goes to ours instead."""
    send, ours = requests.Session.request, dave.settings.api_url

    def request(session: requests.Session, method: str, url: str, *a: Any, **k: Any) -> Any:
        parts = urlsplit(url)
        return send(session, method, url.replace(f"{parts.scheme}://{parts.netloc}", ours), *a, **k)

    monkeypatch.setattr(requests.Session, "request", request)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # oauthlib's own, for a callback on http


def test_oauth1_over_a_callback_and_by_pin(dave: Browser, name: str) -> None:
    app = new_app(dave)
    for callback in (CALLBACK, "oob"):
        handler = tweepy.OAuth1UserHandler(
            app["consumer_key"], app["consumer_secret"], callback=callback
        )
        answer = press(dave, handler.get_authorization_url(signin_with_twitter=callback != "oob"))
        if callback == "oob":
            verifier = answer.text.partition("<code>")[2].partition("<")[0]
        else:
            verifier = answer.headers["location"].partition("oauth_verifier=")[2]
        token, secret = handler.get_access_token(verifier)
    client = tweepy.Client(
        consumer_key=app["consumer_key"],
        consumer_secret=app["consumer_secret"],
        access_token=token,
        access_token_secret=secret,
    )
    assert client.get_me().data.username == name
    made = client.create_tweet(text="Hello from tweepy, äöü & co: 100 %")
    assert client.get_tweet(made.data["id"], user_auth=True).data.text.startswith("Hello")


@pytest.mark.parametrize("confidential", [True, False])
def test_oauth2_with_pkce(dave: Browser, name: str, confidential: bool) -> None:
    app = new_app(dave, confidential=confidential)
    handler = tweepy.OAuth2UserHandler(
        client_id=app["client_id"],
        redirect_uri=CALLBACK,
        scope=SCOPES,
        client_secret=app.get("client_secret"),
    )
    answer = press(dave, handler.get_authorization_url())
    token = handler.fetch_token(answer.headers["location"])
    client = tweepy.Client(token["access_token"])
    assert client.get_me(user_auth=False).data.username == name
    made = client.create_tweet(text="Hello by PKCE", user_auth=False)
    assert client.get_tweet(made.data["id"]).data.text == "Hello by PKCE"
    newer = handler.refresh_token(
        "https://api.twitter.com/2/oauth2/token",
        refresh_token=token["refresh_token"],
        auth=handler.auth,
        client_id=app["client_id"],
    )
    assert tweepy.Client(newer["access_token"]).get_me(user_auth=False).data.username == name


def test_an_app_for_itself(dave: Browser, name: str) -> None:
    app = new_app(dave)
    bearer = tweepy.OAuth2AppHandler(app["consumer_key"], app["consumer_secret"])._bearer_token
    assert tweepy.Client(bearer).get_user(username=name).data.username == name
