"""Where do the benches of the fan-out run: who follows whom there, and what did a load cost?

Everybody's timeline is full from the start and has been written for long (bench/steady.py), since
pushes reach only timelines that are there. Authors are followed by the first so many readers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import redis

from bench import processor
from bench.own_platform import submit
from bench.steady import CAP, FIRST_ID, ids, timelines_of
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import Event, Followed, TweetPosted
from realtime import redis_functions
from replay.waiting import records_left, wait_applied
from settings import Settings
from stores.shards import Shards
from views.timelines import bucket_of, entries_of, home_key, home_prefix, settle

TOPICS = ["tweets", "follows"]
GIVE_UP_SECONDS = 180


class WrongTimelines(AssertionError):
    """A fast answer that is not right is no answer."""


@dataclass(frozen=True)
class Spent:
    """Seconds: on the clock, and of processors in Flink and in each Redis server."""

    wall: float
    flink: float
    redis: tuple[float, ...]


class FanOutPlatform:
    """A platform whose fan-out job runs. `followers` says whom each author's tweets reach."""

    def __init__(self, settings: Settings, shards: Shards, first: redis.Redis) -> None:
        self.settings, self.shards, self.redis = settings, shards, first
        self.followers: dict[int, list[int]] = {}
        self._next = CAP + settings.timeline_slack  # newer than all that timelines begin with
        self._said: list[tuple[int, int]] = []

    def open_homes(self, readers: Sequence[int]) -> None:
        """Gives the readers full timelines."""
        s = self.settings
        for bucket in range(s.timeline_buckets):
            mine = [r for r in readers if bucket_of(r, s.timeline_buckets) == bucket]
            client = self.shards.client(bucket)
            timelines_of(client, "packed", home_prefix(bucket), mine, s.timeline_slack)

    def follow(self, author: int, readers: Iterable[int]) -> None:
        self.followers[author] = list(readers)
        self._play([Followed(at_ms=0, follower_id=r, followee_id=author) for r in readers])

    def tweet(self, authors: Sequence[int], number: int) -> Spent:
        """So many tweets by the authors in turn; returns when the job has delivered them all."""
        tweets = self.tweets(authors, number)
        before = self.spent()
        self._play(tweets)
        now = self.spent()
        self._said = [(tweet.author_id, tweet.id) for tweet in tweets]
        return Spent(
            now.wall - before.wall,
            now.flink - before.flink,
            tuple(after - b for after, b in zip(now.redis, before.redis, strict=True)),
        )

    def tweets(self, authors: Sequence[int], number: int) -> list[TweetPosted]:
        """The next tweets of the authors in turn, newer than all before."""
        said = [
            TweetPosted(
                at_ms=0, id=id, author_id=authors[n % len(authors)], text="!", conversation_id=id
            )
            for n, id in enumerate(ids(self._next, number))
        ]
        self._next += number
        return said

    def spent(self) -> Spent:
        """So far; the clock's zero is anywhere."""
        servers = tuple(processor.of_server(client) for client in self.shards.all())
        return Spent(
            time.perf_counter(), processor.seconds(self.settings, processor.FLINK), servers
        )

    def check(self, readers: Iterable[int]) -> None:
        """Raises `WrongTimelines` where what was tweeted last does not stand on a home."""
        following = {author: set(self.followers[author]) for author, _ in self._said}
        for reader in readers:
            wanted = [id for author, id in self._said if reader in following[author]]
            wanted = sorted(wanted, reverse=True)[: self.settings.timeline_cap]
            key = home_key(reader, self.settings.timeline_buckets)
            bucket = bucket_of(reader, self.settings.timeline_buckets)
            found = settle(entries_of(self.shards.client(bucket).get(key)), cap=len(wanted))
            if found != wanted:
                raise WrongTimelines(f"the home of {reader} has not the newest {len(wanted)}")

    def _play(self, events: Sequence[Event]) -> None:
        """Returns a hundredth of a second after the fan-out job has applied them all, at most."""
        append_all(self.settings, events)
        ends, deadline = event_ends(self.settings, TOPICS), time.monotonic() + GIVE_UP_SECONDS
        while records_left(self.redis, "fanout", ends):
            if time.monotonic() > deadline:
                wait_applied(self.redis, ["fanout"], ends)  # says who is stuck, and where
            time.sleep(0.01)


@contextmanager
def fanout_platform(settings: Settings) -> Iterator[FanOutPlatform]:
    """Submits the job to a platform where Flink, topics and Redis are up."""
    submit(settings, "fanout")
    with on_platform(settings) as platform:
        yield platform


@contextmanager
def on_platform(settings: Settings) -> Iterator[FanOutPlatform]:
    """Where the job runs already."""
    shards = redis_functions.connect_shards(settings)
    with redis.Redis.from_url(settings.redis_url) as client:
        yield FanOutPlatform(settings, shards, client)
    shards.close()


def made_up_readers(number: int) -> list[int]:
    return [FIRST_ID + 1_000_003 * n for n in range(1, number + 1)]
