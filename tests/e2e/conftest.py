"""Where do the people of the whole platform's tests live? On the whole platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from settings import Settings
from tests.people import NewPerson, alice, bob, carol, people

__all__ = ["alice", "bob", "carol"]


@pytest.fixture(scope="session")
def new_person(platform: Settings) -> Iterator[NewPerson]:
    with people(platform) as new:
        yield new
