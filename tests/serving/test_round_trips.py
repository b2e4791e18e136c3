"""How often does a page ask the stores?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pybreaker
import pytest

from serving.paging import Cursor
from serving.render.selection import selection
from serving.services import Services
from serving.timelines import Window
from settings import Settings
from tests.people import Person
from tests.serving.delivering import deliver

pytestmark = pytest.mark.engines

FIELDS = frozenset({"public_metrics", "created_at"})
ASKED = selection(FIELDS, FIELDS, frozenset({"author_id"}))


class Calls(pybreaker.CircuitBreakerListener):
    """Counts what goes through a store's guard: a call is a round trip."""

    def __init__(self) -> None:
        self.count = 0

    def before_call(self, cb: Any, func: Any, *args: Any, **kwargs: Any) -> None:
        self.count += 1


@contextmanager
def counted(services: Services) -> Iterator[Calls]:
    calls = Calls()
    redis, cassandra = services.redis, services.cassandra
    guards = redis.guard, redis.timelines_guard, cassandra.guard
    breakers = [guard._breaker for guard in guards]
    for breaker in breakers:
        breaker.add_listener(calls)
    yield calls
    for breaker in breakers:
        breaker.remove_listener(calls)


def test_home_takes_three_round_trips(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    """Entries; tweets and counts; sources, authors, and how the reader stands to them."""
    for other in (alice, carol):
        bob.follow(other)
    tweets = [alice.tweet(str(n)) for n in range(5)]
    retweets = [carol.retweet(id).json()["data"]["id"] for id in tweets[:2]]
    deliver(api_server, bob.id, tweets + retweets)
    bob.mute(carol)

    def home() -> list[str]:
        read = bob.services.timelines.home
        page = read(int(bob.id), Cursor(), 10, Window(), ASKED)
        return [str(row.id) for row in page.rows]

    home()  # the first read loads whom the reader blocks, mutes and follows
    with counted(bob.services) as calls:
        assert home() == tweets[::-1]
    assert calls.count == 3
