"""How long after its 201 does a post appear on a follower's home, while the fan-out is half busy?

First the peak of the fan-out is measured; then half of that rate is held by tweets to thousands of
other readers, while somebody posts and a follower's home is asked for over HTTP again and again. So
the figure is what a client sees, to a few milliseconds. The same without any load comes first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bench.fanout_platform import FanOutPlatform, made_up_readers, on_platform
from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from bench.people import People
from bench.steady import FIRST_ID
from ingest.bulk import append_all
from serving.services import make
from settings import Settings

POSTS = 200
GIVE_UP_SECONDS = 30
AUTHORS, READERS = 4, 2_000  # of the load
WARM_TWEETS, PEAK_TWEETS = 200, 600
TICK_SECONDS = 0.05  # in which the load is sent: what is due in it, together


class NeverAppeared(RuntimeError):
    """A post did not come to the follower's home."""


def figures() -> Iterator[Figure]:
    """The figures. Takes two to four minutes, most of them until the servers are up."""
    with own_platform("api", "flink_jobs") as settings, on_platform(settings) as platform:
        yield from measured(settings, platform)


def measured(settings: Settings, platform: FanOutPlatform) -> Iterator[Figure]:
    """The figures of a platform that is up."""
    yield from _timed(settings, "home")
    readers, authors = made_up_readers(READERS), [FIRST_ID + n for n in range(AUTHORS)]
    platform.open_homes(readers)
    for author in authors:
        platform.follow(author, readers)
    platform.tweet(authors, WARM_TWEETS)
    peak = PEAK_TWEETS * READERS / platform.tweet(authors, PEAK_TWEETS).wall
    yield Figure("freshness", "peak_timeline_writes_per_s", peak)
    with _load(platform, authors, tweets_per_s=peak / READERS / 2) as held:
        yield from _timed(settings, "loaded_home")
    yield Figure("freshness", "held_timeline_writes_per_s", held() * READERS, "peak", peak)


def _timed(settings: Settings, name: str) -> Iterator[Figure]:
    services = make(settings)
    try:
        with httpx.Client(base_url=settings.api_url, timeout=20) as http:
            people = People(services, http)
            author_id, author = people.account()
            reader_id, reader = people.reader([author_id])
    finally:
        services.close()
    home = f"/2/users/{reader_id}/timelines/reverse_chronological?max_results=5"
    with _client(settings, author) as writing, _client(settings, reader) as reading:
        waits = [_seconds_until_seen(writing, reading, home, n) for n in range(POSTS + 5)][5:]
    for percent in (50, 99):
        yield Figure("freshness", f"{name}_p{percent}_ms", percentile(waits, percent) * 1000)
    yield Figure("freshness", f"{name}_max_ms", max(waits) * 1000)


@contextmanager
def _load(platform: FanOutPlatform, authors: list[int], *, tweets_per_s: float):
    """Holds the rate within the block. Gives what says afterwards how many a second were sent."""
    stop, began, sent = threading.Event(), time.perf_counter(), 0

    def send() -> None:
        nonlocal sent
        while not stop.wait(TICK_SECONDS):
            due = round((time.perf_counter() - began) * tweets_per_s) - sent
            append_all(platform.settings, platform.tweets(authors, due))
            sent += due

    thread = threading.Thread(target=send)
    thread.start()
    took = 0.0
    try:
        yield lambda: sent / took
    finally:
        stop.set()
        thread.join()
        took = time.perf_counter() - began


def _client(settings: Settings, token: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.Client(base_url=settings.api_url, headers=headers, timeout=20)


def _seconds_until_seen(
    writing: httpx.Client, reading: httpx.Client, home: str, number: int
) -> float:
    answer = writing.post("/2/tweets", json={"text": f"fresh {number}"}).raise_for_status()
    acknowledged, id = time.perf_counter(), answer.json()["data"]["id"]
    while True:
        page = reading.get(home).raise_for_status().json()
        waited = time.perf_counter() - acknowledged
        if any(tweet["id"] == id for tweet in page.get("data", [])):
            return waited
        if waited > GIVE_UP_SECONDS:
            raise NeverAppeared(f"{id} was not on the follower's home within {waited:.0f} s")
        time.sleep(0.002)
