"""How soon after its 201 is a tweet scored, and gone where it is to be gone?

Somebody posts at a modest rate. Of each tweet is timed when the log has its score; of those that
offend, when a lookup over HTTP does not find them any more. Then what a page of twenty tweets costs
with what moderation says of them, next to the same page without asking.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread

import httpx
from confluent_kafka import TopicPartition

from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from bench.people import People
from ingest.codec import decode
from ingest.ends import log_ends
from ingest.events import TweetScored
from ingest.reading import consumer
from serving.rows import Rows
from serving.services import make
from settings import Settings

TOPIC = "moderation"
POSTS, A_SECOND = 200, 10
RUDE, KIND = "you are a stupid idiot, shut up", "good morning to all of you"
PAGE, PAGES = 20, 500
GIVE_UP_SECONDS = 30


class NeverCame(RuntimeError):
    """A tweet was not scored, or not withheld."""


def figures() -> Iterator[Figure]:
    """The figures. Takes about two minutes, one of them until the servers are up."""
    with own_platform("api", "flink_jobs", "scorer") as settings:
        services = make(settings)
        try:
            with httpx.Client(base_url=settings.api_url, timeout=20) as http:
                author_id, token = People(services, http).account()
                http.headers["authorization"] = f"Bearer {token}"
                _, reader = People(services, http).account()
                yield from _scored(settings, http)
                yield from _withheld(settings, http, reader)
                ids = [int(_post(http, f"{KIND} {n}")) for n in range(PAGE)]
                yield from _pages(services.rows, author_id, ids)
        finally:
            services.close()


def _scored(settings: Settings, http: httpx.Client) -> Iterator[Figure]:
    seen: dict[int, float] = {}
    ready, stop = Event(), Event()
    listener = Thread(target=_listen, args=(settings, seen, ready, stop))
    listener.start()
    try:
        ready.wait(GIVE_UP_SECONDS)
        posted: dict[int, float] = {}
        began = time.perf_counter()
        for n in range(POSTS):
            time.sleep(max(0.0, began + n / A_SECOND - time.perf_counter()))
            id = int(_post(http, f"{KIND} {n}"))
            posted[id] = time.perf_counter()
        deadline = time.perf_counter() + GIVE_UP_SECONDS
        while not posted.keys() <= seen.keys():
            if time.perf_counter() > deadline:
                raise NeverCame(f"{len(posted.keys() - seen.keys())} tweets were not scored")
            time.sleep(0.01)
    finally:
        stop.set()
        listener.join()
    waits = [seen[id] - at for id, at in list(posted.items())[5:]]
    for percent in (50, 99):
        yield Figure("moderation", f"scored_p{percent}_ms", percentile(waits, percent) * 1000)


def _listen(settings: Settings, seen: dict[int, float], ready: Event, stop: Event) -> None:
    with closing(consumer(settings, "bench")) as client:
        ends = log_ends(settings, [TOPIC])
        client.assign([TopicPartition(*place, end) for place, end in ends.items()])
        ready.set()
        while not stop.is_set():
            for record in client.consume(100, 0.005):
                event = decode(record.value(), topic=TOPIC)
                if isinstance(event, TweetScored):
                    seen[event.tweet_id] = time.perf_counter()


def _withheld(settings: Settings, http: httpx.Client, reader: str) -> Iterator[Figure]:
    headers, waits = {"authorization": f"Bearer {reader}"}, []
    for n in range(POSTS // 4):
        id = _post(http, f"{RUDE} {n}")
        acknowledged = time.perf_counter()
        while "data" in http.get(f"/2/tweets/{id}", headers=headers).json():
            if time.perf_counter() - acknowledged > GIVE_UP_SECONDS:
                raise NeverCame(f"{id} was not withheld")
            time.sleep(0.005)
        waits.append(time.perf_counter() - acknowledged)
    for percent in (50, 99):
        yield Figure("moderation", f"withheld_p{percent}_ms", percentile(waits[2:], percent) * 1000)


def _pages(rows: Rows, viewer_id: int, ids: list[int]) -> Iterator[Figure]:
    """Rows, counts and what holds of a page's tweets; and the first two alone, turn by turn."""
    asked: dict[str, list[float]] = {"with": [], "without": []}
    whole = rows._moderated, rows._moderations.commands
    for _ in range(PAGES):
        for how, times in asked.items():
            rows._moderated, rows._moderations.commands = (  # type: ignore[method-assign]
                whole if how == "with" else (lambda *_: None, lambda _: [])  # type: ignore[assignment]
            )
            began = time.perf_counter()
            rows.fetch(tweets=ids, tweet_counts=ids, users=[viewer_id], viewer_id=viewer_id)
            times.append(time.perf_counter() - began)
    with_it, without = (percentile(asked[how], 50) * 1e6 for how in ("with", "without"))
    yield Figure("moderation", "page_of_20_p50_us", with_it, "without", without)


def _post(http: httpx.Client, text: str) -> str:
    id: str = http.post("/2/tweets", json={"text": text}).raise_for_status().json()["data"]["id"]
    return id
