"""How many timeline writes a second do Kafka, Flink and Redis make together?

Authors with thousands of followers post; the clock runs from the first append until the fan-out
job has applied the last tweet. Then the same server takes as many pipelined ZADDs: what a sorted
set a timeline would cost at the least, with nobody in front of it and nothing ever cut.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import redis

from bench.figures import Figure
from bench.own_platform import own_platform
from bench.zadd import seconds_for
from engines import control, environments, processes
from engines.flink import client_env
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import Followed, TweetPosted
from replay.waiting import wait_applied
from settings import Settings
from views.timelines import home_key, settle

FIRST_ID = 1 << 60  # as long as ids are today
AUTHORS, READERS, TWEETS = 4, 2_000, 1_000
WARM_TWEETS = 100  # before the clock runs: the JVM compiles what is hot
ZADDED_TWEETS = 250
FLINK = ("TaskManagerRunner", "StandaloneSessionClusterEntrypoint")


class WrongTimelines(AssertionError):
    """A fast answer that is not right is no answer."""


def figures() -> Iterator[Figure]:
    """The figures, each as soon as it is measured. Takes two to three minutes."""
    with own_platform("flink", "topics", "redis_functions") as settings:
        _submit_fanout(settings)
        with redis.Redis.from_url(settings.redis_url) as client:
            yield from _measure(settings, client)


def _measure(settings: Settings, client: redis.Redis) -> Iterator[Figure]:
    authors = [FIRST_ID + n for n in range(AUTHORS)]
    readers = [FIRST_ID + 1_000_003 * n for n in range(1, READERS + 1)]
    edges = [(reader, author) for author in authors for reader in readers]
    _play(settings, client, [Followed(at_ms=0, follower_id=r, followee_id=a) for r, a in edges])
    _play(settings, client, _tweets(authors, 0, WARM_TWEETS))

    tweets = _tweets(authors, WARM_TWEETS, TWEETS)
    flink, redis_before = _flink_seconds(settings), _redis_seconds(client)
    began = time.perf_counter()
    _play(settings, client, tweets)
    took = time.perf_counter() - began
    flink, redis_took = _flink_seconds(settings) - flink, _redis_seconds(client) - redis_before
    _check(settings, client, readers, [tweet.id for tweet in tweets])

    writes = TWEETS * READERS
    ids = [FIRST_ID + n for n in range(ZADDED_TWEETS)]
    zadd_cpu = _redis_seconds(client)
    zadd = len(ids) * READERS / seconds_for(settings.host, settings.redis_port, readers, ids)
    zadd_cpu = (_redis_seconds(client) - zadd_cpu) / (len(ids) * READERS)

    yield Figure("fanout", "timeline_writes_per_s", writes / took, "pipelined_zadd", zadd)
    yield Figure("fanout", "timeline_writes", writes)
    yield Figure("fanout", "flink_cpu_s", flink)
    yield Figure("fanout", "redis_cpu_s", redis_took)
    yield Figure(
        *("fanout", "redis_cpu_us_per_write", 1e6 * redis_took / writes),
        *("pipelined_zadd", 1e6 * zadd_cpu),
    )


def _tweets(authors: list[int], first: int, number: int) -> list[TweetPosted]:
    return [
        TweetPosted(
            at_ms=0, id=id, author_id=authors[id % len(authors)], text="!", conversation_id=id
        )
        for id in range(FIRST_ID + first, FIRST_ID + first + number)
    ]


def _play(settings: Settings, client: redis.Redis, events: list) -> None:
    """Returns when the fan-out job has applied them all."""
    append_all(settings, events)
    wait_applied(client, ["fanout"], event_ends(settings, ["tweets", "follows"]))


def _check(settings: Settings, client: redis.Redis, readers: list[int], ids: list[int]) -> None:
    newest = sorted(ids, reverse=True)[: settings.timeline_cap]
    for reader in readers:
        stored = client.get(home_key(reader, settings.timeline_buckets)) or b""
        if settle(stored, cap=len(newest)) != newest:
            raise WrongTimelines(f"the timeline of {reader} is not the newest {len(newest)}")


def _submit_fanout(settings: Settings) -> None:
    subprocess.run(
        [environments.python("speed"), "-m", "realtime.submit", "fanout"],
        env=os.environ | client_env(settings) | control.as_environment(settings),
        cwd=environments.REPOSITORY,
        check=True,
        stdout=sys.stderr,
    )


def _flink_seconds(settings: Settings) -> float:
    """Processor seconds of Flink's processes so far."""
    used = [
        process.cpu_times()
        for process in processes.marked(settings.state_dir)
        if any(part.endswith(FLINK) for part in process.cmdline())
    ]
    return sum(times.user + times.system for times in used)


def _redis_seconds(client: redis.Redis) -> float:
    used = client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])
