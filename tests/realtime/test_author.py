"""Whatever becomes of an author's class and edges, no reader misses a tweet at any moment.

The calls go to real Redis servers, one by one, and after each of them every home is read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from realtime import redis_functions
from realtime.author import About, Author, Call, Replies
from realtime.deliveries import Action
from realtime.followers import DictOfChunks, Followers
from settings import Settings
from stores.shards import Shards
from views.home_timeline import home_timelines
from views.timelines import (
    WHOLE,
    bucket_of,
    entries_of,
    home_key,
    pulls_key,
    settle,
    unpack,
    user_key,
)

pytestmark = pytest.mark.engines

READERS, AUTHORS = range(1, 7), (7, 8)
CAP = 30  # more than there are steps: what a cut keeps is test_functions.py's
worlds = itertools.count(10_000_000_000, 1_000)
steps = st.lists(
    st.tuples(
        st.sampled_from(AUTHORS),
        st.sampled_from([*Action, Action.POST, Action.FOLLOW]),
        st.lists(st.sampled_from(READERS), min_size=1, max_size=4, unique=True),
    ),
    max_size=25,
)
against_redis = hypothesis_settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def shards(redis_server: Settings) -> Iterator[Shards]:
    shards = redis_functions.connect_shards(redis_server)
    yield shards
    shards.close()


class World:
    """Authors whose state is in memory, readers whose timelines are in Redis, and what is true."""

    def __init__(self, settings: Settings, shards: Shards) -> None:
        self.settings = settings.model_copy(update={"timeline_cap": CAP, "timeline_slack": 2})
        self.shards, self.first = shards, next(worlds)
        self.authors = {id: self.author(id) for id in AUTHORS}
        self.edges: set[tuple[int, int]] = set()
        self.tweets: dict[int, list[int]] = {id: [] for id in AUTHORS}
        for reader in READERS:
            self.ask("SET", home_key, self.first + reader, WHOLE, "EX", 60)

    def author(self, id: int) -> Author:
        s = self.settings
        sets = (Followers(DictOfChunks(), buckets=s.timeline_buckets, size=2) for _ in range(2))
        return Author(self.first + id, About(), *sets, s, self.write, self.send)

    def ask(self, command: str, key, id: int, *arguments):
        buckets = self.settings.timeline_buckets
        return self.shards.command(bucket_of(id, buckets), command, key(id, buckets), *arguments)

    def write(self, calls: Iterable[Call]) -> list[int]:
        replies = []
        for call in calls:
            replies += self.shards.pipeline([call])
            self.miss_nothing()
        return replies

    def send(self, calls: Iterable[Call]) -> Replies:
        replies = self.write(calls)
        return lambda: replies

    def home(self, reader: int) -> list[int]:
        """As a reader reads: the timeline and the pull list at once, then whom it names."""
        id, buckets = self.first + reader, self.settings.timeline_buckets
        keys = home_key(id, buckets), pulls_key(id, buckets)
        timeline, pulls = self.shards.command(bucket_of(id, buckets), "MGET", *keys)
        entries = entries_of(timeline)
        for author in unpack(pulls or b""):
            entries += entries_of(self.ask("GET", user_key, author))
        return settle(entries, cap=CAP)

    def expected(self) -> dict[int, list[int]]:
        return home_timelines(self.edges, self.tweets, cap=CAP)

    def miss_nothing(self) -> None:
        for reader, ids in self.expected().items():
            assert set(ids) <= set(self.home(reader))

    def happens(self, author: int, action: Action, readers: list[int], tweet: int) -> None:
        """What is true changes before what must be seen at once, and after what must not be."""
        subjects = [self.first + reader for reader in readers]
        if action == Action.UNFOLLOW:
            self.edges -= {(reader, author) for reader in readers}
        if action == Action.POST:
            subjects = [tweet]
        self.authors[author].apply(action, subjects)
        if action == Action.FOLLOW:
            self.edges |= {(reader, author) for reader in readers}
        if action == Action.POST:
            self.tweets[author].append(tweet)
        for reader in READERS:
            assert self.home(reader) == self.expected().get(reader, [])


@given(steps)
@against_redis
def test_every_home_is_right_after_every_event_and_misses_nothing_within(
    redis_server: Settings, shards: Shards, steps
) -> None:
    world = World(redis_server, shards)
    for number, (author, action, readers) in enumerate(steps):
        world.happens(author, action, readers, tweet=world.first + 100 + number)


@given(steps, st.integers(0, 25))
@against_redis
def test_what_is_applied_once_more_after_a_crash_changes_nothing(
    redis_server: Settings, shards: Shards, steps, at: int
) -> None:
    """A restart brings the state of a checkpoint back, and the events since then once more."""
    world = World(redis_server, shards)
    played = [(a, act, r, world.first + 100 + n) for n, (a, act, r) in enumerate(steps)]
    for step in played[:at]:
        world.happens(*step)
    checkpoint = {id: author.about for id, author in world.authors.items()}
    chunks = {
        id: [dict(f._chunks) for f in (author._pushed, author._pulled)]
        for id, author in world.authors.items()
    }
    for step in played[at:]:
        world.happens(*step)
    for id, author in world.authors.items():
        author.about = checkpoint[id]
        for followers, kept in zip((author._pushed, author._pulled), chunks[id], strict=True):
            followers._chunks.clear()
            followers._chunks.update(kept)
    world.miss_nothing = lambda: None  # the state is behind for as long as it catches up
    for author, action, readers, tweet in played[at:]:
        subjects = [tweet] if action == Action.POST else [world.first + r for r in readers]
        world.authors[author].apply(action, subjects)
    for reader in READERS:
        assert world.home(reader) == world.expected().get(reader, [])
