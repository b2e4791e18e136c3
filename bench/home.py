"""What do twenty celebrities among those whom one follows cost a read of one's home?

Two readers follow the same twenty authors whose tweets are pushed; one of them also twenty whose
tweets are pulled at every read. Pages of 20 with metrics and authors, over HTTP, against a bare
Flask route under the same server in the same run. Then homes are built anew, as for somebody who
comes back after a week.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import redis

from bench import processor
from bench.api import PEER, bare_route, home_path
from bench.figures import Figure, percentile
from bench.load import Measured, measure, request
from bench.own_platform import own_platform
from bench.people import People
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import AuthorClassified
from realtime import redis_functions
from replay.waiting import wait_applied
from serving.services import make
from settings import Settings
from stores.shards import Shards
from views.timelines import bucket_of, home_key, pulls_key, unpack

AUTHORS, CELEBRITIES, TWEETS_EACH = 20, 20, 40
BUILDS = 50
TOPICS = ["tweets", "follows", "classes"]


class NotPulled(AssertionError):
    """The celebrities are not pulled, so there is nothing to compare."""


@dataclass(frozen=True)
class Reader:
    id: int
    token: str


def figures() -> Iterator[Figure]:
    """The figures. Takes three minutes, half of them until the servers are up."""
    with own_platform("api", "flink_jobs") as settings:
        shards = redis_functions.connect_shards(settings)
        yield from measured(settings, shards)
        shards.close()


def measured(settings: Settings, shards: Shards) -> Iterator[Figure]:
    """The figures of a platform that is up, with its speed layer."""
    plain, starry = _readers(settings, shards)
    bare = bare_route(settings)
    yield Figure("home", PEER, bare.per_second)
    peers = dict(_costs(settings, plain))
    for name, value in peers.items():
        if name == "requests_per_s":
            yield Figure("home", f"without_celebrities_{name}", value, PEER, bare.per_second)
        else:
            yield Figure("home", f"without_celebrities_{name}", value)
    for name, value in _costs(settings, starry):
        against = ("without_celebrities", peers[name])
        yield Figure("home", f"with_{CELEBRITIES}_celebrities_{name}", value, *against)
    yield Figure("home", "page_bytes", _page_bytes(settings, plain))
    yield from _builds(settings, shards, starry)


def _costs(settings: Settings, reader: Reader) -> Iterator[tuple[str, float]]:
    ask = request("GET", home_path(reader.id), reader.token)

    def load(**how: float) -> Measured:
        return measure(settings.host, settings.api_port, lambda _: ask, **how)

    load(seconds=1)  # warm
    parts = (processor.API, processor.REDIS)
    before = [processor.seconds(settings, part) for part in parts]
    full = load()
    api, stores = (processor.seconds(settings, p) - b for p, b in zip(parts, before, strict=True))
    yield "requests_per_s", full.per_second
    yield "p50_ms", full.p50_ms
    yield "api_cpu_ms_a_read", 1e3 * api / full.answered
    yield "redis_cpu_us_a_read", 1e6 * stores / full.answered
    half = load(per_second=max(1.0, full.per_second / 2))
    yield "p50_ms_at_half_load", half.p50_ms
    yield "p99_ms_at_half_load", half.p99_ms


def _readers(settings: Settings, shards: Shards) -> tuple[Reader, Reader]:
    services = make(settings)
    try:
        with httpx.Client(base_url=settings.api_url, timeout=20) as http:
            people = People(services, http)
            authors, _ = people.authors(AUTHORS, TWEETS_EACH)
            celebrities, _ = people.authors(CELEBRITIES, TWEETS_EACH)
            append_all(settings, [_pulled(id) for id in celebrities])
            _wait(settings)
            plain = Reader(*people.reader(authors))
            starry = Reader(*people.reader([*authors, *celebrities]))
            _wait(settings)
            for reader in (plain, starry):
                _read(http, reader)  # builds it
    finally:
        services.close()
    key = pulls_key(starry.id, settings.timeline_buckets)
    held = shards.command(bucket_of(starry.id, settings.timeline_buckets), "GET", key)
    if set(unpack(held or b"")) != set(celebrities):
        raise NotPulled(f"of {len(celebrities)} celebrities {len(held or b'') // 8} are pulled")
    return plain, starry


def _pulled(author: int) -> AuthorClassified:
    return AuthorClassified(at_ms=0, author_id=author, generation=1, pulled=True, followers=10_000)


def _wait(settings: Settings) -> None:
    """Until the speed layer has applied all that was said."""
    with redis.Redis.from_url(settings.redis_url) as client:
        wait_applied(client, ["fanout", "state"], event_ends(settings, TOPICS))


def _builds(settings: Settings, shards: Shards, reader: Reader) -> Iterator[Figure]:
    """The timeline is taken away before each read."""
    key = home_key(reader.id, settings.timeline_buckets)
    bucket = bucket_of(reader.id, settings.timeline_buckets)
    waits, before = [], processor.seconds(settings, processor.API)
    with httpx.Client(base_url=settings.api_url, timeout=20) as http:
        for _ in range(BUILDS):
            shards.command(bucket, "DEL", key)
            began = time.perf_counter()
            _read(http, reader)
            waits.append(1e3 * (time.perf_counter() - began))
    yield Figure("home", "build_and_read_p50_ms", percentile(waits, 50))
    yield Figure("home", "build_and_read_p99_ms", percentile(waits, 99))
    spent = 1e3 * (processor.seconds(settings, processor.API) - before) / BUILDS
    yield Figure("home", "build_and_read_api_cpu_ms", spent)


def _page_bytes(settings: Settings, reader: Reader) -> int:
    headers = {"authorization": f"Bearer {reader.token}"}
    path = f"{settings.api_url}{home_path(reader.id)}"
    return len(httpx.get(path, headers=headers, timeout=20).raise_for_status().content)


def _read(http: httpx.Client, reader: Reader) -> None:
    headers = {"authorization": f"Bearer {reader.token}"}
    page = http.get(home_path(reader.id), headers=headers).raise_for_status().json()
    if page["meta"]["result_count"] != 20:
        raise RuntimeError(f"a home of hundreds of tweets showed {page['meta']}")
