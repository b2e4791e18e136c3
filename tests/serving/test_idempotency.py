"""May a lost answer be asked for again?"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from serving.idempotency import Claim, Idempotency, fingerprint
from serving.services import make
from settings import Settings
from tests.people import Person, ids

pytestmark = pytest.mark.engines


def posted(person: Person, text: str, key: str) -> httpx.Response:
    return person.http.post("/tweets", json={"text": text}, headers={"idempotency-key": key})


def test_the_same_request_gets_the_same_answer_and_makes_one_tweet(alice: Person) -> None:
    key = secrets.token_hex(8)
    first, again = posted(alice, "once", key), posted(alice, "once", key)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["x-log-position"] == first.headers["x-log-position"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert ids(alice.tweets_of(alice)) == [first.json()["data"]["id"]]


def test_another_body_under_the_same_key_is_refused(alice: Person) -> None:
    key = secrets.token_hex(8)
    assert posted(alice, "one thing", key).status_code == 201
    other = posted(alice, "another thing", key)
    assert other.status_code == 422
    assert other.headers["content-type"].startswith("application/problem+json")


def test_a_key_belongs_to_one_user(alice: Person, bob: Person) -> None:
    key = secrets.token_hex(8)
    assert posted(alice, "mine", key).json() != posted(bob, "mine", key).json()


def test_a_refusal_is_an_answer_too(alice: Person) -> None:
    key = secrets.token_hex(8)
    first, again = posted(alice, "x" * 281, key), posted(alice, "x" * 281, key)
    assert first.status_code == again.status_code == 400
    assert again.json() == first.json()


def test_of_many_at_once_one_makes_the_tweet(alice: Person) -> None:
    key = secrets.token_hex(8)
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: posted(alice, "only one", key), range(16)))
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.json()["data"]["id"] for a in answers if a.status_code == 201}) == 1
    assert posted(alice, "only one", key).status_code == 201
    assert len(ids(alice.tweets_of(alice))) == 1


def test_a_retry_after_a_death_half_way_makes_the_thing_under_the_same_id(
    api_server: Settings,
) -> None:
    services = make(api_server)
    try:
        memory: Idempotency = services.idempotency
        who, key, asked = "user:1", secrets.token_hex(8), fingerprint("POST", "/", b"", b"{}")
        first = memory.begin(who, key, asked)
        assert isinstance(first, Claim)
        with services.postgres.connection() as connection:  # as if its time had passed
            connection.execute(
                "UPDATE idempotency_keys SET locked_until = now() WHERE key = %s", [key]
            )
        assert memory.begin(who, key, asked) == first
    finally:
        services.close()


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ"])
def test_what_is_no_key_is_refused(alice: Person, key: str) -> None:
    answer = alice.http.post(
        "/tweets", json={"text": "a"}, headers={"idempotency-key": key.encode()}
    )
    assert answer.status_code == 400
