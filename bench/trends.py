"""How many tweets a second does the trends job count, next to a bare count in Flink?

An hour of tweets, each with a tag or two, waits in the log. First the trends job works it off
(people, tweets, spellings and companions of each tag, by minute), then a job that only counts the
same tweets in SQL (`bench/bare_count.py`). Both write what they count to Redis by the same sink.
Timed from the first tenth that has arrived there to the last tweet: starting does not count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import redis

from bench import processor
from bench.figures import Figure
from bench.own_platform import own_platform, speed, submit
from bench.steady import FIRST_ID, ids
from ingest.bulk import append_all
from ingest.events import Event, TweetPosted
from settings import Settings
from views.trends import stored
from views.trends.places import WORLDWIDE

TWEETS = 200_000
PEOPLE, TAGS = 20_000, 2_000
BARE_PLACE, BARE_TAGS = 2, 100  # as in bench/bare_count.py
HOUR_MS = 3_600_000
GIVE_UP_SECONDS = 300


def figures() -> Iterator[Figure]:
    """The figures. Takes two to three minutes, one of them until the servers are up."""
    with own_platform("flink", "topics", "redis_functions") as settings:
        tweets = list(_tweets())
        uses = sum(tweet.text.count("#") for tweet in tweets)
        append_all(settings, tweets)
        with redis.Redis.from_url(settings.redis_url) as client:
            submit(settings, "trends")
            before = _cpu(settings)
            rate = _rate(lambda: _uses(client, WORLDWIDE, TAGS), uses) * TWEETS / uses
            used = _cpu(settings) - before
            speed(settings, "bench.bare_count")
            bare = _rate(lambda: _uses(client, BARE_PLACE, BARE_TAGS), TWEETS)
    yield Figure("trends", "tweets_per_s", rate, "a bare count in Flink", bare)
    yield Figure("trends", "tag_uses_per_s", rate * uses / TWEETS)
    yield Figure("trends", "cpu_us_a_tweet", 1e6 * used / TWEETS)


def _tweets() -> Iterator[Event]:
    """Those of the last hour, as they came. Some tags are everybody's, most are few people's."""
    chance = random.Random("trends")
    now_ms = int(time.time() * 1000)
    for nth, id in enumerate(ids(0, TWEETS)):
        tags = {int(chance.paretovariate(0.8)) % TAGS for _ in range(chance.choice((1, 1, 2)))}
        yield TweetPosted(
            at_ms=now_ms - HOUR_MS + HOUR_MS * nth // TWEETS,
            id=id,
            author_id=FIRST_ID + chance.randrange(PEOPLE),
            text="what a day " + " ".join(f"#tag{tag}" for tag in tags),
            conversation_id=id,
        )


def _uses(client: redis.Redis, place: int, tags: int) -> int:
    """All uses that have been counted in the place."""
    names = [f"tag{n}" if place == WORLDWIDE else str(n) for n in range(tags)]
    pipeline = client.pipeline(transaction=False)
    for name in names:
        pipeline.hgetall(stored.tag_key(place, name))
    return sum(
        int(total)
        for fields in pipeline.execute()
        for name, total in fields.items()
        if name.startswith(b"uses ")
    )


def _rate(counted: Callable[[], int], all_of_them: int) -> float:
    """A second, from the first tenth on. Raises `TimeoutError`."""
    begun, began = _when(counted, all_of_them // 10)
    ended, end = _when(counted, all_of_them)
    return (ended - begun) / (end - began)


def _when(counted: Callable[[], int], enough: int) -> tuple[int, float]:
    """How many were counted once they are enough, and when, in seconds.

    To look costs Redis and this process something, so a twentieth of the time is spent on it.
    Raises `TimeoutError`.
    """
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while True:
        began = time.monotonic()
        if (found := counted()) >= enough:
            return found, began
        if began > give_up:
            raise TimeoutError(f"only {found} of {enough} were counted")
        time.sleep(max(0.02, 19 * (time.monotonic() - began)))


def _cpu(settings: Settings) -> float:
    return processor.seconds(settings, (*processor.FLINK, *processor.REDIS))
