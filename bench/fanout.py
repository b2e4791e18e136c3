"""How many timeline writes a second do Kafka, Flink and Redis make together, against their limits?

Authors with thousands of followers post; the clock runs from the first append until the fan-out
job has applied the last tweet, and every timeline is full and stays full. In the same run the same
servers take

- the very same function calls from plain clients: the limit of what may stand in front of them;
- pipelined ZADDs from redis-benchmark: what one would write by hand;
- the deliveries of stream-framework, a fan-out library.

Then: what does one delivery cost for an author with 100 followers, and with 9,000?
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench import raw_push, stream_peer, zadd_peer
from bench.curve import curve
from bench.fanout_platform import FanOutPlatform, fanout_platform, made_up_readers
from bench.figures import Figure
from bench.own_platform import own_platform
from bench.steady import CAP, FIRST_ID
from views.timelines import bucket_of, home_key

AUTHORS, READERS, TWEETS = 4, 2_000, 1_000
WARM_TWEETS = 200  # before the clock runs: the JVM compiles what is hot
SHARD_TWEETS = 600
ZADDS_A_READER = 250
STREAM_TWEETS = 10
SAMPLE = 200  # timelines whose memory is asked for


def figures() -> Iterator[Figure]:
    """The figures, each as soon as it is measured. Takes three to six minutes."""
    with (
        own_platform("flink", "topics", "redis_functions") as settings,
        fanout_platform(settings) as platform,
    ):
        yield from measured(platform)
        yield from curve(platform)


def measured(platform: FanOutPlatform) -> Iterator[Figure]:
    """The peak, and what it is held against."""
    readers = made_up_readers(READERS)
    authors = [FIRST_ID + n for n in range(AUTHORS)]
    platform.open_homes(readers)
    for author in authors:
        platform.follow(author, readers)
    platform.tweet(authors, WARM_TWEETS)

    writes = TWEETS * READERS
    spent = platform.tweet(authors, TWEETS)
    platform.check(readers)
    ours, ours_us = writes / spent.wall, 1e6 * sum(spent.redis) / writes
    yield Figure("fanout", "timeline_writes", writes)
    yield Figure("fanout", "flink_cpu_us_per_write", 1e6 * spent.flink / writes)
    yield Figure("fanout", "bytes_an_entry", _bytes_an_entry(platform, readers))

    raw, raw_us, wire = _raw(platform, authors, TWEETS)
    yield Figure("fanout", "wire_bytes_per_write", wire)
    yield _fanout("timeline_writes_per_s", ours, "same_calls_raw", raw)
    yield _fanout("redis_cpu_us_per_write", ours_us, "same_calls_raw", raw_us)
    yield from _each_server(platform, readers)

    # On a server of timelines, so that none of the two writes a file.
    server = platform.shards.client(0)
    zadds, zadd_us = zadd_peer.rate_and_cpu_us(server, readers, ZADDS_A_READER)
    yield _fanout("timeline_writes_per_s", ours, "pipelined_zadd", zadds)
    yield _fanout("redis_cpu_us_per_write", ours_us, "pipelined_zadd", zadd_us)

    size = {"authors": AUTHORS, "followers": READERS, "tweets": STREAM_TWEETS}
    try:
        stream, _ = stream_peer.deliveries(platform.settings.timelines_port, **size)
    except stream_peer.NoStreamFramework as error:
        print(f"without stream-framework: {error}", file=sys.stderr)
    else:
        yield _fanout("timeline_writes_per_s", ours, "stream_framework", stream)


def _each_server(platform: FanOutPlatform, readers: list[int]) -> Iterator[Figure]:
    """An author all of whose readers are on one server, ours and raw."""
    buckets = platform.settings.timeline_buckets
    for bucket in range(buckets):
        author = FIRST_ID + AUTHORS + bucket
        platform.follow(author, [r for r in readers if bucket_of(r, buckets) == bucket])
        platform.tweet([author], WARM_TWEETS)
        writes = SHARD_TWEETS * len(platform.followers[author])
        ours = writes / platform.tweet([author], SHARD_TWEETS).wall
        raw, *_ = _raw(platform, [author], SHARD_TWEETS)
        yield _fanout(f"server_{bucket}_writes_per_s", ours, "same_calls_raw", raw)


def _raw(platform: FanOutPlatform, authors: list[int], tweets: int) -> tuple[float, float, float]:
    """Of plain clients: writes a second, and for each CPU microseconds in Redis and bytes sent."""
    said = platform.tweets(authors, tweets)
    calls = raw_push.calls_of(platform.settings, platform.followers, said)
    before = sum(platform.spent().redis)
    written, took = raw_push.send(platform.settings, calls)
    used = sum(platform.spent().redis) - before
    sent = sum(len(call) for server in calls for call in server)
    return written / took, 1e6 * used / written, sent / written


def _bytes_an_entry(platform: FanOutPlatform, readers: list[int]) -> float:
    buckets = platform.settings.timeline_buckets
    asked = readers[:: max(1, len(readers) // SAMPLE)]
    used = sum(
        platform.shards.client(bucket_of(r, buckets)).memory_usage(home_key(r, buckets))
        for r in asked
    )
    return used / len(asked) / CAP


def _fanout(measure: str, value: float, against: str, against_value: float) -> Figure:
    return Figure("fanout", measure, value, against, against_value)
