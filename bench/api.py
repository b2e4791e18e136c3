"""What do posting, looking up and reading one's home cost, against a bare Flask route?

The peer runs under the same server with the same threads, in the same run. The reader's home holds
800 tweets of 20 authors; a page of 20 with metrics and authors is read.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import httpx

from bench.figures import Figure
from bench.load import Measured, measure, request
from bench.own_platform import own_platform
from bench.people import People
from bench.servers import free_port, granian, serving
from serving.services import make
from settings import Settings

AUTHORS, TWEETS_EACH = 20, 40
FIELDS = "tweet.fields=created_at,author_id,public_metrics&expansions=author_id"
PEER = "bare_flask_requests_per_s"


def figures() -> Iterator[Figure]:
    """The figures, each as soon as it is measured. Takes one to two minutes."""
    with own_platform("api") as settings:
        yield from measured(settings)


def measured(settings: Settings) -> Iterator[Figure]:
    """The figures of a platform that is up."""
    reader_id, token, ids = prepare(settings)
    home = request("GET", home_path(reader_id), token)
    lookups = itertools.cycle(
        request("GET", f"/2/tweets?ids={','.join(map(str, ids[at : at + 10]))}&{FIELDS}", token)
        for at in range(0, len(ids) - 10, 10)
    )
    routes: dict[str, Callable[[int], bytes]] = {
        "home": lambda _: home,
        "lookup_of_10": lambda _: next(lookups),
        "post": lambda n: request("POST", "/2/tweets", token, b'{"text":"bench %d"}' % n),
    }
    bare = bare_route(settings)
    yield Figure("api", PEER, bare.per_second)
    yield Figure("api", "bare_flask_p99_ms", bare.p99_ms)
    for name, ask in routes.items():
        measure(settings.host, settings.api_port, ask, seconds=1)  # warm
        full = measure(settings.host, settings.api_port, ask)
        yield Figure("api", f"{name}_requests_per_s", full.per_second, PEER, bare.per_second)
        yield Figure("api", f"{name}_p50_ms", full.p50_ms)
        yield Figure("api", f"{name}_p99_ms", full.p99_ms)
        half = measure(
            settings.host, settings.api_port, ask, per_second=max(1.0, full.per_second / 2)
        )
        yield Figure("api", f"{name}_p50_ms_at_half_load", half.p50_ms)
        yield Figure("api", f"{name}_p99_ms_at_half_load", half.p99_ms)


def bare_route(settings: Settings) -> Measured:
    """What the least application answers under the same server."""
    port = free_port()
    with serving(granian("bench.bare:app", settings, port), settings, port):
        ask = request("GET", "/bare")
        measure(settings.host, port, lambda _: ask, seconds=1)  # warm
        return measure(settings.host, port, lambda _: ask)


def home_path(reader_id: int) -> str:
    """A page of 20 with what a client shows of each."""
    return f"/2/users/{reader_id}/timelines/reverse_chronological?max_results=20&{FIELDS}"


def prepare(settings: Settings) -> tuple[int, str, list[int]]:
    """A reader with a full home: their id, a token, and the ids of the tweets.

    No speed layer runs here: the first read builds the home.
    """
    services = make(settings)
    try:
        with httpx.Client(base_url=settings.api_url, timeout=20) as http:
            people = People(services, http)
            authors, ids = people.authors(AUTHORS, TWEETS_EACH)
            reader_id, token = people.reader(authors)
    finally:
        services.close()
    return reader_id, token, ids
