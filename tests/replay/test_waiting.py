"""A job has applied what its marks say; one that stands still is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from ingest.positions import applied_key
from replay.waiting import Stalled, records_left, wait_applied
from settings import Settings

pytestmark = pytest.mark.engines

ENDS = {("tweets", 0): 10, ("tweets", 1): 0, ("follows", 0): 5, ("likes", 0): 7}


@pytest.fixture
def redis(redis_server: Settings) -> Iterator[Redis]:
    """A database of the server that no job writes to."""
    client = Redis(host=redis_server.host, port=redis_server.redis_port, db=9)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def mark(redis: Redis, place: str, offset: int) -> None:
    redis.hset(applied_key("fanout"), place, str(offset))


def test_a_job_without_marks_has_everything_left_of_its_own_topics(redis: Redis) -> None:
    assert records_left(redis, "fanout", ENDS) == {("tweets", 0): 10, ("follows", 0): 5}


def test_a_mark_is_the_last_offset_applied(redis: Redis) -> None:
    mark(redis, "tweets/0", 9)
    mark(redis, "follows/0", 3)
    assert records_left(redis, "fanout", ENDS) == {("follows", 0): 1}


def test_waiting_ends_when_nothing_is_left_and_tells_how_far_it_is(redis: Redis) -> None:
    mark(redis, "tweets/0", 9)
    mark(redis, "follows/0", 1)
    told: list[int] = []

    def progress(_: str, left: int) -> None:
        told.append(left)
        mark(redis, "follows/0", 4)

    wait_applied(redis, ["fanout"], ENDS, progress)
    assert told == [3, 0]


def test_a_job_that_stands_still_is_named_with_what_it_has_left(redis: Redis) -> None:
    mark(redis, "tweets/0", 9)
    with pytest.raises(Stalled, match=r"job fanout .*follows/0: 5") as raised:
        wait_applied(redis, ["fanout"], ENDS, patience_seconds=0.3)
    assert raised.value.left == {("follows", 0): 5}
