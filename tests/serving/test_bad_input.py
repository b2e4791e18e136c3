"""What does a client hear that says something wrong?"""

from __future__ import annotations

import httpx
import pytest

from settings import Settings
from tests.people import Person

pytestmark = pytest.mark.engines


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"text": 5}',
        b'{"text": ""}',
        b'{"text": "   "}',
        b'{"text": "' + b"x" * 281 + b'"}',
        b'{"text": "a", "poll": {}}',
        b'{"text": "a", "reply": {}}',
        b'{"text": "a", "reply": {"in_reply_to_tweet_id": "x"}}',
        b'{"text": "a", "quote_tweet_id": "99999999999999999999"}',
    ],
)
def test_a_body_that_is_no_tweet_is_refused_and_nothing_is_posted(
    alice: Person, body: bytes
) -> None:
    answer = alice.http.post("/tweets", content=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["type"].endswith("invalid-request")
    assert problem["title"] == "Invalid Request"
    assert problem["errors"][0]["message"]
    assert alice.tweets_of(alice).json()["meta"] == {"result_count": 0}


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/tweets/abc", "id"),
        ("/tweets/99999999999999999999", "id"),
        ("/tweets", "ids"),
        ("/tweets?ids=", "ids"),
        ("/tweets?ids=1,x", "ids"),
        (f"/tweets?ids={','.join(map(str, range(1, 102)))}", "ids"),
        ("/tweets/1?tweet.fields=nope", "tweet.fields"),
        ("/tweets/1?expansions=nope", "expansions"),
        ("/users/by/username/not-a-name", "username"),
        ("/users/by?usernames=a,b,c-d", "usernames"),
        ("/users/1/tweets?max_results=4", "max_results"),
        ("/users/1/tweets?max_results=101", "max_results"),
        ("/users/1/tweets?max_results=x", "max_results"),
        ("/users/1/tweets?pagination_token=x", "pagination_token"),
        ("/users/1/tweets?exclude=likes", "exclude"),
        ("/users/1/tweets?since_id=x", "since_id"),
        ("/users/1/tweets?start_time=yesterday", "start_time"),
    ],
)
def test_a_bad_parameter_is_named(alice: Person, path: str, parameter: str) -> None:
    answer = alice.http.get(path)
    assert answer.status_code == 400
    assert list(answer.json()["errors"][0]["parameters"]) == [parameter]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nope", "Basic abc", "Bearer \xe9"])
def test_without_a_good_token_nothing_is_said(api_server: Settings, header: str | None) -> None:
    headers = {} if header is None else {b"authorization": header.encode("latin-1")}
    answer = httpx.get(f"{api_server.api_url}/2/users/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_a_body_beyond_the_limit_is_refused(alice: Person) -> None:
    answer = alice.http.post("/tweets", content=b'{"text": "' + b"x" * 70_000 + b'"}')
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_what_is_not_there_or_not_allowed_is_a_problem_too(alice: Person) -> None:
    missing = alice.http.get("/nothing")
    assert missing.status_code == 404
    refused = alice.http.put("/tweets")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    for answer in (missing, refused):
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["x-request-id"]


def test_a_request_id_is_taken_or_given(alice: Person) -> None:
    given = alice.http.get("/users/me", headers={"x-request-id": "my-request.1"})
    assert given.headers["x-request-id"] == "my-request.1"
    bad = alice.http.get("/users/me", headers={"x-request-id": "no spaces please"})
    assert bad.headers["x-request-id"] not in ("", "no spaces please")
