"""Who is there in the tests of the API? `alice`, `bob` and `carol`, new in every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from settings import Settings
from tests.people import Person, people


@pytest.fixture(scope="session")
def new_person(api_server: Settings) -> Iterator[Callable[[str], Person]]:
    with people(api_server) as new:
        yield new


@pytest.fixture
def alice(new_person: Callable[[str], Person]) -> Person:
    return new_person("alice")


@pytest.fixture
def bob(new_person: Callable[[str], Person]) -> Person:
    return new_person("bob")


@pytest.fixture
def carol(new_person: Callable[[str], Person]) -> Person:
    return new_person("carol")
