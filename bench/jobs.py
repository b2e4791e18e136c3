"""What does one event cost in each part that reads the log, and what room does it take?

Tweets and likes go through the log while one job after the other applies them, and the archiver
brings them to the lake. Processor time is each part's own, stores included; the fan-out's is in
`bench fanout`, for it goes by deliveries.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence

import pyarrow as pa
import redis

from bench import processor
from bench.figures import Figure
from bench.own_platform import own_platform, submit
from bench.steady import FIRST_ID, ids
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import Event, Liked, TweetPosted
from lake.tables import BRONZE
from replay.waiting import wait_applied
from settings import Settings

TWEETS, LIKES = 20_000, 100_000
WARM = 5_000
TEXT_BYTES = 90  # of digits that no two tweets share: the log cannot press them together
GIVE_UP_SECONDS = 60  # of waiting for the archiver
STORES = ("flink", "cassandra", "redis")
LOG = ("archiver", "kafka")
PARTS = {
    "flink": processor.FLINK,
    "redis": processor.REDIS,
    **{name: (name,) for name in ("cassandra", *LOG)},
}


def figures() -> Iterator[Figure]:
    """The figures. Takes two to three minutes, one of them until the servers are up."""
    with own_platform(
        "flink", "topics", "redis_functions", "cassandra_schema", "archiver"
    ) as settings:
        started = {part: processor.seconds(settings, PARTS[part]) for part in LOG}
        for job, kind, count in (("state", _tweets, TWEETS), ("folds", _likes, LIKES)):
            submit(settings, job)
            _applied(settings, job, kind(0, WARM))
            before = {part: processor.seconds(settings, PARTS[part]) for part in STORES}
            began = time.perf_counter()
            _applied(settings, job, kind(WARM, count))
            took = time.perf_counter() - began
            yield Figure("jobs", f"{job}_events_per_s", count / took)
            for part in STORES:
                used = processor.seconds(settings, PARTS[part]) - before[part]
                yield Figure("jobs", f"{job}_{part}_cpu_us_an_event", 1e6 * used / count)
        yield from _log_and_lake(settings, started, 2 * WARM + TWEETS + LIKES)


def _applied(settings: Settings, job: str, events: Sequence[Event]) -> None:
    append_all(settings, events)
    with redis.Redis.from_url(settings.redis_url) as client:
        wait_applied(client, [job], event_ends(settings, ["tweets", "likes"]))


def _tweets(first: int, number: int) -> list[Event]:
    return [
        TweetPosted(
            at_ms=0, id=id, author_id=FIRST_ID + id % 1_009, text=_text(id), conversation_id=id
        )
        for id in ids(first, number)
    ]


def _text(id: int) -> str:
    return hashlib.sha512(id.to_bytes(8, "big")).hexdigest()[:TEXT_BYTES]


def _likes(first: int, number: int) -> list[Event]:
    """Everybody's first of a tweet, a few hundred to each tweet."""
    return [
        Liked(at_ms=0, user_id=FIRST_ID + n, tweet_id=FIRST_ID + n % 397)
        for n in range(first, first + number)
    ]


def _log_and_lake(settings: Settings, started: dict[str, float], events: int) -> Iterator[Figure]:
    """Processor time an event since the start; bytes of it in a broker's log and in the lake."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while (archived := _archived(settings))[0] < events:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the archiver has {archived[0]} of {events} events")
        time.sleep(0.2)
    log = sum(
        segment.stat().st_size
        for topic in ("tweets", "likes")
        for segment in settings.state_dir.glob(f"kafka/**/{topic}-*/*.log")
    )
    for part in LOG:
        used = processor.seconds(settings, PARTS[part]) - started[part]
        yield Figure("jobs", f"{part}_cpu_us_an_event", 1e6 * used / events)
    yield Figure("jobs", "log_bytes_an_event", log / events)
    yield Figure("jobs", "lake_bytes_an_event", archived[1] / events)


def _archived(settings: Settings) -> tuple[int, int]:
    """Records in the raw table, and bytes of its files."""
    files = pa.table(BRONZE.open(settings).get_add_actions(flatten=True)).to_pylist()
    return sum(f["num_records"] for f in files), sum(f["size_bytes"] for f in files)
