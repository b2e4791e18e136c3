"""How long after its 201 does a post appear on a follower's home?

Asked for over HTTP again and again, so the figure is what a client sees, to a few milliseconds.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

import httpx

from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from serving.principal import ALL_SCOPES
from serving.services import Services, make
from settings import Settings

POSTS = 200
GIVE_UP_SECONDS = 30


class NeverAppeared(RuntimeError):
    """A post did not come to the follower's home."""


def figures() -> Iterator[Figure]:
    """The figures. Takes about two minutes, most of them until the servers are up."""
    with own_platform("api", "flink_jobs") as settings:
        yield from measured(settings)


def measured(settings: Settings) -> Iterator[Figure]:
    """The figures of a platform that is up."""
    services = make(settings)
    try:
        author_id, author = _account(services, "a")
        reader_id, reader = _account(services, "r")
    finally:
        services.close()
    home = f"/2/users/{reader_id}/timelines/reverse_chronological?max_results=5"
    with (
        httpx.Client(base_url=settings.api_url, headers=author, timeout=20) as writing,
        httpx.Client(base_url=settings.api_url, headers=reader, timeout=20) as reading,
    ):
        follow = {"target_user_id": str(author_id)}
        reading.post(f"/2/users/{reader_id}/following", json=follow).raise_for_status()
        waits = [_seconds_until_seen(writing, reading, home, n) for n in range(POSTS + 5)][5:]
    for percent in (50, 99):
        yield Figure("freshness", f"home_p{percent}_ms", percentile(waits, percent) * 1000)
    yield Figure("freshness", "home_max_ms", max(waits) * 1000)
    yield Figure("freshness", "posts", len(waits))


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


def _account(services: Services, name: str) -> tuple[int, dict[str, str]]:
    account = services.accounts.ensure(f"f{secrets.token_hex(4)}_{name}")
    token = services.tokens.issue(account.id, ALL_SCOPES)
    return account.id, {"authorization": f"Bearer {token}"}
