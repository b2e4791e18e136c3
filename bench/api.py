"""What do posting, looking up and reading one's home cost, against a bare Flask route?

The peer runs under the same server with the same threads, in the same run. The reader's home holds
800 tweets of 20 authors; a page of 20 with metrics and authors is read.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator

import httpx

from bench.figures import Figure
from bench.load import Measured, measure, request
from bench.own_platform import own_platform
from bench.servers import free_port, granian, serving
from serving.principal import ALL_SCOPES
from serving.services import Services, make
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
    bare = _bare(settings)
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


def _bare(settings: Settings) -> Measured:
    port = free_port()
    with serving(granian("bench.bare:app", settings, port), settings, port):
        ask = request("GET", "/bare")
        measure(settings.host, port, lambda _: ask, seconds=1)  # warm
        return measure(settings.host, port, lambda _: ask)


def home_path(reader_id: int) -> str:
    """A page of 20 with what a client shows of each."""
    return f"/2/users/{reader_id}/timelines/reverse_chronological?max_results=20&{FIELDS}"


def prepare(settings: Settings) -> tuple[int, str, list[int]]:
    """A reader with a full home: their id, a token, and the ids of the tweets."""
    services = make(settings)
    try:
        return _reader(settings, services)
    finally:
        services.close()


def _reader(settings: Settings, services: Services) -> tuple[int, str, list[int]]:
    run_id = secrets.token_hex(3)
    ids: list[int] = []
    authors: list[int] = []
    with httpx.Client(base_url=settings.api_url, timeout=20) as http:
        for n in range(AUTHORS):
            account = services.accounts.ensure(f"b{run_id}_{n}")
            authors.append(account.id)
            token = services.tokens.issue(account.id, ALL_SCOPES)
            for number in range(TWEETS_EACH):
                answer = http.post(
                    "/2/tweets",
                    json={"text": f"number {number} of author {n} #bench"},
                    headers={"authorization": f"Bearer {token}"},
                )
                ids.append(int(answer.raise_for_status().json()["data"]["id"]))
        reader = services.accounts.ensure(f"b{run_id}_r")
        token = services.tokens.issue(reader.id, ALL_SCOPES)
        for author_id in authors:  # no speed layer runs: the first read builds the home
            http.post(
                f"/2/users/{reader.id}/following",
                json={"target_user_id": str(author_id)},
                headers={"authorization": f"Bearer {token}"},
            ).raise_for_status()
    return reader.id, token, ids
