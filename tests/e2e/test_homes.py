"""Homes that Redis lost, or did not keep, while people go on posting: nothing is missed."""

from __future__ import annotations

import pytest
import redis

from ingest.positions import applied_key
from settings import Settings
from tests.e2e.test_read_your_writes import home
from tests.people import Person, ids
from tests.serving.delivering import forget, wipe
from views.registry import JOB_TOPICS
from views.timelines import home_key, pulls_key

pytestmark = pytest.mark.e2e


def test_who_was_away_for_long_comes_back_to_all_that_was_said(
    platform: Settings, alice: Person, bob: Person
) -> None:
    said = [alice.tweet("before")]
    assert ids(home(bob, bob.follow(alice))) == said
    for key in (home_key, pulls_key):  # they have run out
        forget(platform, key, bob)
    said += [alice.tweet(str(n)) for n in range(3)]
    answer = home(bob, alice.post("the last"))
    assert ids(answer)[1:] == said[::-1]
    assert "x-stale" not in answer.headers
    posted = alice.post("and from now on they are pushed to again")
    assert ids(home(bob, posted))[0] == posted.json()["data"]["id"]


def test_a_redis_that_is_wiped_while_people_post_costs_no_reader_a_tweet(
    platform: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for reader in (bob, carol):
        home(reader, reader.follow(alice))
    said: list[str] = []
    for n in range(8):
        posted = alice.post(f"number {n}")
        said.insert(0, posted.json()["data"]["id"])
        if n == 2:
            wipe(platform)
        if n == 5:
            with redis.Redis.from_url(platform.redis_url) as client:
                client.delete(*map(applied_key, JOB_TOPICS))  # what the jobs say is lost as well
            wipe(platform)
        for reader in (bob, carol):
            answer = home(reader, posted)
            assert ids(answer) == said
            assert "x-stale" not in answer.headers
