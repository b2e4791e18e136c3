"""By how much does the sketch of tags count too many, and what does a use cost as it comes?

Real tweets (where they lie beside the repository) are counted by the sketch and exactly; by how
much an estimate is too high is told as a share of the paper's bound, e / WIDTH of all uses.
Then the folds job works off tweets without tags and as many with one, each another; what these cost
more is the price of a use, of its row on each counter. The room in Redis is that of a sketch all of
whose counters were counted in each epoch of an hour.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import redis

from bench import processor
from bench.figures import Figure
from bench.own_platform import own_platform, submit
from bench.real_data import NoActivity, beside
from bench.steady import FIRST_ID, ids
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import TweetPosted
from ingest.events.words import plain
from replay.waiting import wait_applied
from settings import Settings
from views.seam import counts_key, speed_field
from views.tag_sketch import TAG_SKETCH, USES
from views.trends.sketch import ALL, WIDTH, contributed, estimate
from views.trends.uses import uses

TEXTS = {
    "congress": ("stream/congress_tweets_2015_jan_apr.parquet", "text"),
    "trolls": ("stream/troll_tweets_2017_08_07_21.parquet", "content"),
}
TWEETS, WARM = 40_000, 5_000
PARTS = {"flink": processor.FLINK, "redis": processor.REDIS}
AT_ONCE = 1_000


def figures() -> Iterator[Figure]:
    """The figures. Takes two minutes, most of them for the servers."""
    for name, (file, column) in TEXTS.items():
        try:
            path = beside(file)
        except NoActivity:
            continue
        yield from _error(name, path, column)
    with own_platform("flink", "topics", "redis_functions") as settings:
        submit(settings, "folds")
        _play(settings, 0, WARM, "#warm")
        plain_us = _cost(settings, WARM, "says nothing {}")
        tagged_us = _cost(settings, WARM + TWEETS, "says #nothing{}")
        for part in PARTS:
            used = tagged_us[part] - plain_us[part]
            yield Figure("sketch", f"{part}_cpu_us_a_use", used)
            yield Figure("sketch", f"{part}_cpu_us_a_tweet_without", plain_us[part])
        yield Figure("sketch", "redis_bytes_full", _room(settings))


def _error(name: str, path: Path, column: str) -> Iterator[Figure]:
    """By how much estimates are too high, as a share of the bound."""
    exact, counters = Counter[str](), Counter[int]()
    for text in pq.read_table(path, columns=[column]).column(column).to_pylist():
        exact.update({plain(use.tag) for use in uses(text or "", person_id=0, minute=0)})
        counters.update(contributed(text or ""))
    bound = math.e / WIDTH * counters[ALL]
    over = [estimate(tag, counters.__getitem__) - number for tag, number in exact.items()]
    yield Figure("sketch", f"{name}_uses", counters[ALL])
    yield Figure("sketch", f"{name}_tags", len(exact))
    yield Figure("sketch", f"{name}_bound_uses", bound)
    yield Figure("sketch", f"{name}_most_too_high", max(over), "bound", bound)
    yield Figure("sketch", f"{name}_mean_too_high", sum(over) / len(over), "bound", bound)
    yield Figure("sketch", f"{name}_exact_tags", over.count(0), "tags", len(over))


def _cost(settings: Settings, first: int, text: str) -> dict[str, float]:
    """Processor time of a tweet that says so, in microseconds, by part."""
    before = {part: processor.seconds(settings, servers) for part, servers in PARTS.items()}
    _play(settings, first, TWEETS, text)
    return {
        part: 1e6 * (processor.seconds(settings, servers) - before[part]) / TWEETS
        for part, servers in PARTS.items()
    }


def _play(settings: Settings, first: int, number: int, text: str) -> None:
    tweets = [
        TweetPosted(
            at_ms=0,
            id=id,
            author_id=FIRST_ID + id % 1_009,
            text=text.format(id),
            conversation_id=id,
        )
        for id in ids(first, number)
    ]
    append_all(settings, tweets)
    with redis.Redis.from_url(settings.redis_url) as client:
        wait_applied(client, ["folds"], event_ends(settings, ["tweets"]))


def _room(settings: Settings) -> float:
    """Bytes of Redis that a sketch takes whose every counter has a total in each epoch of an hour
    and of the one that batch works on, two versions of batch beside."""
    epochs = 2 * 3_600 // settings.epoch_seconds
    fields = {speed_field(5_900_000 + n, USES): 1_000 + n for n in range(epochs)}
    fields |= {f"b:{5_900_000 + n}:{USES}": 100_000 + n for n in (0, 12)}
    with redis.Redis.from_url(settings.redis_url) as client:
        client.flushall()
        before = client.info("memory")["used_memory"]
        for first in range(0, ALL + 1, AT_ONCE):
            pipeline = client.pipeline(transaction=False)
            for cell in range(first, min(first + AT_ONCE, ALL + 1)):
                pipeline.hset(counts_key(TAG_SKETCH.name, cell), mapping=fields)
            pipeline.execute()
        return float(client.info("memory")["used_memory"] - before)
