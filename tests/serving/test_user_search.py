"""Can one find somebody, or a tag, by how their name begins?"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
import redis

from settings import Settings
from tests.people import Person, ids, pages
from tests.serving.delivering import indexed
from views.seam import counts_key, speed_field
from views.tag_sketch import TAG_SKETCH, USES
from views.trends.sketch import contributed

pytestmark = pytest.mark.engines


def found(person: Person, query: str, **more: object) -> list[str]:
    return ids(person.get("/users/search", query=query, **more))


def test_the_beginning_of_a_name_or_username_finds_its_bearer(
    index_server: Settings, alice: Person, new_person: Callable[[str], Person]
) -> None:
    surname = secrets.token_hex(4)
    first, second = new_person(f"Anna {surname}"), new_person(f"Bert {surname}")
    indexed(index_server)
    assert found(alice, surname) == [second.id, first.id]
    assert found(alice, f"{surname.upper()} ann") == [first.id]
    assert found(alice, surname[:5]) == [second.id, first.id]
    assert found(alice, first.username[:-1]) == [first.id]
    assert found(alice, f"{surname} nobody") == []


def test_signs_that_mean_something_to_a_database_mean_themselves(
    index_server: Settings, alice: Person
) -> None:
    indexed(index_server)
    for sign in ("%", "\\", "' OR 1=1 --", "*", "?????", "[a-z]*"):
        assert alice.id not in found(alice, sign)


def test_pages_follow_each_other(
    index_server: Settings, alice: Person, new_person: Callable[[str], Person]
) -> None:
    surname = secrets.token_hex(4)
    people = [new_person(f"Zoe {surname}") for _ in range(3)]
    indexed(index_server)
    met = [
        id
        for page in pages(lambda **q: alice.get("/users/search", query=surname, **q), max_results=2)
        for id in ids(page)
    ]
    assert met == [person.id for person in reversed(people)]


@pytest.mark.parametrize("query", ["", " ", "x" * 51])
def test_what_is_no_query_is_refused(alice: Person, query: str) -> None:
    assert alice.http.get("/users/search", params={"query": query}).status_code == 400


def test_what_was_typed_so_far_names_likely_tags_and_users(
    index_server: Settings,
    alice: Person,
    bob: Person,
    carol: Person,
    new_person: Callable[[str], Person],
) -> None:
    word = "w" + secrets.token_hex(5)
    known, other = new_person(f"{word} one"), new_person(f"{word} two")
    alice.follow(known)
    for tag in (f"{word}Storm", f"{word}storm", f"{word}café", f"{word}서울"):
        bob.tweet(f"#{tag} is here")
    carol.tweet(f"#{word}secret")
    carol.protect()
    bob.delete(bob.tweet(f"#{word}gone"))
    indexed(index_server)
    few, many = 1_000, 20_000
    in_another_epoch = speed_field(2**40, USES)  # the speed layer counts on the same counters
    with redis.Redis.from_url(index_server.redis_url) as client:
        for cell in contributed(f"#{word}Storm"):
            client.hset(counts_key(TAG_SKETCH.name, cell), in_another_epoch, many)

    def likely(typed: str) -> tuple[list[tuple[str, int]], list[str]]:
        answer = alice.get("/search/typeahead", query=typed).json()
        data = answer["data"]
        for use in data["tags"]:
            ever, error = use["use_count"], answer["meta"]["use_count_error"]
            assert ever < few if use["tag"] != f"{word}storm" else many <= ever <= many + error
        tags = [(use["tag"], use["tweet_count"]) for use in data["tags"]]
        return tags, [user["id"] for user in data["users"]]

    tags = [(f"{word}storm", 2), (f"{word}cafe", 1), (f"{word}서울", 1)]
    assert likely(word.upper()) == (tags, [known.id, other.id])
    assert likely(f"#{word}") == (tags, [])
    assert likely(f"#{word}cafÉ") == (tags[1:2], [])
    assert likely(f"#{word}서") == (tags[2:], [])
    assert likely(f"@{other.username}") == ([], [other.id])
    bob.block(alice)
    assert likely(word)[0] == []
    with redis.Redis.from_url(index_server.redis_url) as client:
        for cell in contributed(f"#{word}Storm"):
            client.hdel(counts_key(TAG_SKETCH.name, cell), in_another_epoch)
