"""Who is told to wait, and until when?"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.errors import TooManyRequests
from serving.limits import Limits
from serving.stores.redis import RedisStore
from settings import Settings
from tests.people import Person
from tests.serving.limited import api

pytestmark = pytest.mark.engines
ME = "/2/users/me"


def bearer(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.token}"}


def test_every_answer_says_what_is_left_and_the_last_one_until_when(
    api_server: Settings, alice: Person
) -> None:
    with api(api_server, calls_per_quarter_hour=2) as client:
        answers = [client.get(ME, headers=bearer(alice)) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 429, 429]
    assert [a.headers["x-rate-limit-remaining"] for a in answers] == ["1", "0", "0", "0"]
    assert {a.headers["x-rate-limit-limit"] for a in answers} == {"2"}
    ends = {int(a.headers["x-rate-limit-reset"]) for a in answers}
    assert max(ends) - min(ends) <= 1  # one window, told to the second
    refused = answers[-1]
    wait_s = int(refused.headers["retry-after"])
    assert 800 < wait_s <= 901  # the end is told in whole seconds
    assert abs(time.time() + wait_s - max(ends)) < 3
    assert refused.content_type.startswith("application/problem+json")
    assert refused.json["title"] == "Too Many Requests"


def test_each_user_and_each_operation_has_a_budget_of_its_own(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    with api(api_server, calls_per_quarter_hour=1) as client:
        assert client.get(ME, headers=bearer(alice)).status_code == 200
        assert client.get(ME, headers=bearer(alice)).status_code == 429
        assert client.get(ME, headers=bearer(bob)).status_code == 200
        assert client.get(f"/2/users/{bob.id}", headers=bearer(alice)).status_code == 200


def test_tweets_have_their_own_budget_whatever_they_are(
    api_server: Settings, alice: Person
) -> None:
    with api(api_server, tweets_per_three_hours=2) as client:
        texts = [{"text": "one"}, {"text": "two"}, {"text": "three"}]
        statuses = [
            client.post("/2/tweets", json=text, headers=bearer(alice)).status_code for text in texts
        ]
        assert statuses == [201, 201, 429]
        assert client.get(ME, headers=bearer(alice)).status_code == 200


def test_who_shows_no_token_is_counted_by_address(api_server: Settings) -> None:
    with api(api_server, calls_per_quarter_hour=3) as client:
        answers = [
            client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"})
            for path in (ME, "/2/nowhere", ME, ME)
        ]
    assert [a.status_code for a in answers[:3]] == [401, 404, 401]
    assert answers[3].status_code == 429
    assert all("x-rate-limit-reset" in a.headers for a in answers)


def test_of_many_at_once_exactly_the_budget_is_let_through(api_server: Settings) -> None:
    limits = Limits(
        api_server.model_copy(update={"tweets_per_three_hours": 20}), RedisStore(api_server)
    )

    def allowed(_: int) -> bool:
        try:
            limits.take("user:at_once", "tweets", "createPosts")
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(allowed, range(100))) == 20


def test_a_call_that_the_platform_refuses_does_not_count_against_its_user(
    api_server: Settings,
) -> None:
    store = RedisStore(api_server)
    full = Limits(api_server.model_copy(update={"requests_per_second": 1}), store)
    free = Limits(api_server, store)
    refused = 0
    while not refused:  # two within one second
        for _ in range(2):
            try:
                full.take("user:unlucky", "tweets", "createPosts")
            except TooManyRequests as error:
                refused, standing = refused + 1, error.standing
    after = free.take("user:unlucky", "tweets", "createPosts")
    assert after.limit - after.remaining == standing.limit - standing.remaining + 1


def test_with_redis_gone_calls_are_let_through(api_server: Settings, alice: Person) -> None:
    nobody = api_server.model_copy(update={"redis_port": 1, "calls_per_quarter_hour": 1})
    limits = Limits(nobody, RedisStore(nobody))
    standings = [limits.take("user:1", "api", "getUsersMe") for _ in range(3)]
    assert [s.remaining for s in standings] == [1, 1, 1]
