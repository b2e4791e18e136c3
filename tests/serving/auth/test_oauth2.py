"""OAuth 2.0: consent, codes with PKCE, refresh tokens that turn, apps that ask for themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.serving.auth.browsers import Browser
from tests.serving.auth.consenting import CALLBACK, AppByHand, new_app, press, sent_back
from tests.serving.auth.test_passwords import change

pytestmark = pytest.mark.engines


@pytest.fixture
def app(dave: Browser) -> AppByHand:
    return AppByHand(dave, new_app(dave))


def test_consent_leads_to_a_token_that_acts_for_the_person(dave: Browser, app: AppByHand) -> None:
    page = dave.http.get(app.asks())
    assert "Post, repost and delete posts for you." in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    said = sent_back(press(dave, app.asks()))
    assert said["state"] == "the state"
    answer = app.exchange(said["code"])
    assert answer.status_code == 200
    token = answer.json()
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 7200
    assert set(token["scope"].split()) == {
        "tweet.read", "tweet.write", "users.read", "offline.access",
    }  # fmt: skip
    me = httpx.get(
        f"{app.url}/2/users/me", headers={"authorization": f"Bearer {token['access_token']}"}
    )
    assert me.json()["data"]["id"] == dave.http.get("/2/users/me").json()["data"]["id"]
    listed = dave.http.get("/i/connections").json()["data"]
    assert [c["name"] for c in listed] == ["Tests"]


def test_a_public_app_needs_no_secret_and_a_confidential_one_does(
    dave: Browser, app: AppByHand
) -> None:
    public = AppByHand(dave, new_app(dave, confidential=False))
    assert "client_secret" not in public.app
    token = public.exchange(public.consent(dave, scope="users.read tweet.read")).json()
    assert public.status(token["access_token"]) == 200
    assert "refresh_token" not in token  # not asked for

    code = app.consent(dave)
    right = app.app["client_secret"]
    for secret in ("wrong", None):
        app.app["client_secret"] = secret
        assert app.exchange(code).json()["error"] == "invalid_client"
    app.app["client_secret"] = right
    assert app.exchange(code).status_code == 200


def test_a_code_is_good_once_for_its_app_its_address_and_its_verifier(
    dave: Browser, app: AppByHand
) -> None:
    code, other = app.consent(dave), AppByHand(dave, new_app(dave))
    other.verifier = app.verifier
    assert other.exchange(code).json()["error"] == "invalid_grant"
    good, app.verifier = app.verifier, "x" * 43
    assert app.exchange(code).json()["error"] == "invalid_grant"
    app.verifier = good
    wrong_place = app.send(
        "/2/oauth2/token",
        grant_type="authorization_code",
        code=code,
        redirect_uri=f"{CALLBACK}/",
        code_verifier=good,
    )
    assert wrong_place.json()["error"] == "invalid_grant"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.exchange(code), range(4)))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {a.json().get("error") for a in answers} == {None, "invalid_grant"}
    # Whoever came second may be a thief: what came of the code has ended.
    until(lambda: app.status(won[0]["access_token"]) == 401, seconds=5)
    assert app.refresh(won[0]["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_turns_and_an_old_one_ends_its_family(
    dave: Browser, app: AppByHand
) -> None:
    first = app.exchange(app.consent(dave)).json()
    second = app.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = app.refresh(second["refresh_token"]).json()
    assert app.status(third["access_token"]) == 200
    bystander = app.exchange(app.consent(dave)).json()  # another consent, another family

    assert app.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    for token in (first, second, third):
        until(lambda token=token: app.status(token["access_token"]) == 401, seconds=5)
        assert app.refresh(token["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.status(bystander["access_token"]) == 200

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.refresh(bystander["refresh_token"]), range(4)))
    assert {answer.status_code for answer in answers} == {200, 400}  # nobody waits in a ring
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    until(lambda: app.status(won[0]["access_token"]) == 401, seconds=5)


def test_what_ended_long_ago_is_forgotten(
    dave: Browser, app: AppByHand, postgres_server: Settings
) -> None:
    app.consent(dave)
    count = "SELECT count(*) FROM authorization_codes WHERE expires_at < now() - interval '1 day'"
    with psycopg.connect(postgres_server.postgres_url) as connection:
        connection.execute(
            "UPDATE authorization_codes SET expires_at = now() - interval '2 days' "
            "WHERE app_id = %s",
            [app.app["id"]],
        )
    app.consent(dave)
    with psycopg.connect(postgres_server.postgres_url) as connection:
        assert connection.execute(count).fetchone() == (0,)


def test_what_is_revoked_ends(dave: Browser, app: AppByHand) -> None:
    token = app.exchange(app.consent(dave)).json()
    assert app.send("/2/oauth2/revoke", token=token["access_token"]).json() == {"revoked": True}
    until(lambda: app.status(token["access_token"]) == 401, seconds=5)
    newer = app.refresh(token["refresh_token"]).json()
    other = AppByHand(dave, new_app(dave))
    other.send("/2/oauth2/revoke", token=newer["refresh_token"])  # not its own
    assert app.status(newer["access_token"]) == 200
    app.send("/2/oauth2/revoke", token=newer["refresh_token"], token_type_hint="refresh_token")
    until(lambda: app.status(newer["access_token"]) == 401, seconds=5)


@pytest.mark.parametrize("end", ["disconnect", "password", "delete the app", "everywhere"])
def test_a_person_or_the_owner_ends_it(dave: Browser, app: AppByHand, end: str) -> None:
    token = app.exchange(app.consent(dave)).json()
    code = app.consent(dave)
    assert app.status(token["access_token"]) == 200
    if end == "disconnect":
        dave.call("DELETE", f"/i/connections/{app.app['id']}")
    elif end == "password":
        assert change(dave).status_code == 200
    elif end == "everywhere":
        dave.call("DELETE", "/i/sessions")
    else:
        dave.call("DELETE", f"/i/developer/apps/{app.app['id']}")
    until(lambda: app.status(token["access_token"]) == 401, seconds=5)
    assert app.refresh(token["refresh_token"]).status_code in (400, 401)
    assert app.exchange(code).status_code in (400, 401)


def test_a_person_may_say_no(dave: Browser, app: AppByHand) -> None:
    said = sent_back(press(dave, app.asks(), decision="deny"))
    assert said["error"] == "access_denied"
    assert said["state"] == "the state"


def test_a_bad_request_for_consent_goes_back_to_the_app_or_nowhere(
    dave: Browser, app: AppByHand
) -> None:
    for more, error in (
        ({"scope": "tweet.read everything"}, "invalid_scope"),
        ({"scope": "dm.read"}, "invalid_scope"),  # the app may not ask for it
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ):
        assert sent_back(dave.http.get(app.asks(**more)))["error"] == error, more
    for more in (
        {"redirect_uri": f"{CALLBACK}/more"},
        {"redirect_uri": "https://evil.example.org/back"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "a\u0000b"},
    ):
        answer = dave.http.get(app.asks(**more))
        assert answer.status_code == 400, more
        assert "location" not in answer.headers


def test_consent_needs_somebody_signed_in_and_our_own_form(
    dave: Browser, app: AppByHand, name: str
) -> None:
    assert dave.http.post(app.asks(), data={"decision": "allow"}).status_code == 403
    dave.http.cookies.delete("starling_session")
    answer = dave.http.get(app.asks())
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/i/signin?next=/i/oauth2/authorize")


def test_an_app_asks_for_itself(dave: Browser, app: AppByHand) -> None:
    key, secret = app.app["consumer_key"], app.app["consumer_secret"]
    url, form = f"{app.url}/oauth2/token", {"grant_type": "client_credentials"}
    assert httpx.post(url, data=form, auth=(key, "wrong")).status_code == 401
    answer = httpx.post(url, data=form, auth=(key, secret))
    assert answer.status_code == 200
    assert answer.json().keys() == {"token_type", "access_token"}
    assert answer.json()["token_type"] == "bearer"
    token = answer.json()["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    name = dave.http.get("/2/users/me").json()["data"]["username"]
    found = httpx.get(f"{app.url}/2/users/by/username/{name}", headers=bearer)
    assert found.json()["data"]["username"] == name
    assert httpx.post(f"{app.url}/2/tweets", json={"text": "x"}, headers=bearer).status_code == 403
    ended = httpx.post(
        f"{app.url}/oauth2/invalidate_token", data={"access_token": token}, auth=(key, secret)
    )
    assert ended.json() == {"access_token": token}
    until(
        lambda: (
            httpx.get(f"{app.url}/2/users/by/username/{name}", headers=bearer).status_code == 401
        ),
        seconds=5,
    )
