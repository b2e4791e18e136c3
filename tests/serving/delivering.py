"""What the speed layer would do, done by hand where only the API runs; and waiting for the writer
of the search engine, which runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager

from redis import Redis

from ingest.positions import Position, applied_key
from replay.served import open_homes
from settings import Settings
from stores.shards import Shards
from tests.engines.waiting import until
from tests.people import Answer, Person
from tests.realtime.playing import applied
from views.registry import JOB_TOPICS
from views.search_index import JOB, TOPICS
from views.timelines import bucket_of, home_prefix, pack, pulls_prefix

Key = Callable[[int, int], str]
"""Of a user's timeline, by the user and how many buckets there are."""


def deliver(settings: Settings, reader: str, tweet_ids: Iterable[str]) -> None:
    """To a user or a list that was read before: to others nothing is pushed."""
    bucket = bucket_of(int(reader), settings.timeline_buckets)
    entries = pack(int(id) for id in tweet_ids)
    cut = settings.timeline_cap, settings.timeline_slack
    with closing(Shards(settings)) as shards:
        open_homes(shards, settings, [int(reader)])
        push = ("FCALL", "timeline_push", 1, home_prefix(bucket), entries, reader, *cut)
        assert shards.command(bucket, *push) == 1


def pull(settings: Settings, reader: Person, authors: Iterable[Person]) -> None:
    """From now on the reader pulls these authors. The home timeline is there."""
    bucket = bucket_of(int(reader.id), settings.timeline_buckets)
    prefixes = home_prefix(bucket), pulls_prefix(bucket)
    with closing(Shards(settings)) as shards:
        for author in authors:
            added = ("pulls_add", 2, *prefixes, pack([int(author.id)]), reader.id)
            assert shards.command(bucket, "FCALL", *added) == 1


def forget(settings: Settings, key: Key, *users: Person) -> None:
    """Redis loses these."""
    buckets = settings.timeline_buckets
    with closing(Shards(settings)) as shards:
        shards.pipeline(
            (bucket_of(int(u.id), buckets), ("DEL", key(int(u.id), buckets))) for u in users
        )


def wipe(settings: Settings, shard: int | None = None) -> None:
    """Redis loses all timelines of a server, or of every one, as when it is started anew empty."""
    with closing(Shards(settings)) as shards:
        servers = shards.all()
        for client in servers if shard is None else [servers[shard]]:
            for sort in ("tl", "pl", "ut", "rd"):
                if keys := list(client.scan_iter(f"{sort}:*", count=1_000)):
                    client.unlink(*keys)


def indexed(settings: Settings) -> None:
    """Returns once all that the log has is found."""
    until(lambda: applied(settings, JOB, TOPICS), 60)


@contextmanager
def until_applied(settings: Settings, answer: Answer) -> Iterator[None]:
    """Meanwhile the speed jobs, which do not run here, say that they have applied this write."""
    position = Position.parse(answer.headers["x-log-position"])
    jobs = [job for job, topics in JOB_TOPICS.items() if position.topic in topics]
    place = f"{position.topic}/{position.partition}"
    with Redis.from_url(settings.redis_url) as redis:
        before = {job: redis.hget(applied_key(job), place) for job in jobs}
        for job in jobs:
            redis.hset(applied_key(job), place, position.offset)
        yield
        for job, offset in before.items():
            if offset is None:
                redis.hdel(applied_key(job), place)
            else:
                redis.hset(applied_key(job), place, offset)
