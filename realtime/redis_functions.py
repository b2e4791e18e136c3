"""How do our functions get into Redis?"""

from __future__ import annotations

from pathlib import Path

import redis

import settings
from stores.shards import Shards

LIBRARY = Path(__file__).with_name("functions.lua")
OF_COUNTS = (Path(__file__).with_name("trends.lua"), Path(__file__).with_name("totals.lua"))


def load(client: redis.Redis, library: Path = LIBRARY) -> None:
    """Loads a library, or replaces it. Safe to call from anywhere, at any time."""
    client.function_load(library.read_text(), replace=True)


def connect(url: str) -> redis.Redis:
    """A client that knows our functions."""
    client = redis.Redis.from_url(url)
    for library in (LIBRARY, *OF_COUNTS):
        load(client, library)
    return client


def connect_shards(settings: settings.Settings) -> Shards:
    """The servers of timelines, knowing our functions. One that hangs is a `TimeoutError`."""
    shards = Shards(
        settings,
        socket_timeout=settings.timelines_hang_seconds,
        socket_connect_timeout=settings.timelines_hang_seconds,
        socket_keepalive=True,
    )
    for client in shards.all():
        load(client)
    return shards


if __name__ == "__main__":
    connect(settings.load().redis_url).close()
    connect_shards(settings.load()).close()
