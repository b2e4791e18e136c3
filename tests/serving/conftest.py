"""Where do the people of the API's tests live? On a platform that has what the API needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from settings import Settings
from tests.people import NewPerson, alice, bob, carol, people
from tests.serving.reading_homes import process
from views.seam import COUNTED

__all__ = ["alice", "bob", "carol", "process"]


@pytest.fixture(scope="session")
def new_person(api_server: Settings) -> Iterator[NewPerson]:
    with people(api_server) as new, redis.Redis.from_url(api_server.redis_url) as client:
        # The speed layer has counted all, whether one runs beside or not.
        client.hset(COUNTED, mapping={"since": 0, "alive_ms": 2**60})
        yield new
