"""Can one find somebody by a part of their name?"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest

from tests.people import Person, ids, pages

pytestmark = pytest.mark.engines


def found(person: Person, query: str, **more: object) -> list[str]:
    return ids(person.get("/users/search", query=query, **more))


def test_a_part_of_a_name_or_username_finds_its_bearer(
    alice: Person, new_person: Callable[[str], Person]
) -> None:
    surname = secrets.token_hex(4)
    first, second = new_person(f"Anna {surname}"), new_person(f"Bert {surname}")
    assert found(alice, surname) == [second.id, first.id]
    assert found(alice, f"{surname.upper()} ann") == [first.id]
    assert found(alice, first.username[2:]) == [first.id]
    assert found(alice, f"{surname} nobody") == []


def test_signs_that_mean_something_to_the_database_mean_themselves(alice: Person) -> None:
    for sign in ("%", "\\", "' OR 1=1 --", "%%%"):
        assert alice.id not in found(alice, sign)


def test_pages_follow_each_other(alice: Person, new_person: Callable[[str], Person]) -> None:
    surname = secrets.token_hex(4)
    people = [new_person(f"Zoe {surname}") for _ in range(3)]
    met = [
        id
        for page in pages(lambda **q: alice.get("/users/search", query=surname, **q), max_results=2)
        for id in ids(page)
    ]
    assert met == [person.id for person in reversed(people)]


@pytest.mark.parametrize("query", ["", " ", "x" * 51])
def test_what_is_no_query_is_refused(alice: Person, query: str) -> None:
    assert alice.http.get("/users/search", params={"query": query}).status_code == 400
