"""How is Redis lost on purpose, and when can batch bring all of it back?"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from redis import Redis

from batch.land import MARGIN_MS
from ingest.positions import epoch_of
from realtime import redis_functions
from settings import Settings
from stores.shards import Shards


def wipe(settings: Settings) -> int:
    """Empties Redis, as if its disks were lost, and loads our functions again.

    Returns the number of keys that are gone.
    """
    gone = 0
    with closing(Shards(settings)) as shards, Redis.from_url(settings.redis_url) as main:
        for redis in (*shards.all(), main):
            gone += redis.dbsize()
            redis.flushall()
            redis.function_flush()
            redis_functions.load(redis)
    return gone


def wait_until_closed(
    settings: Settings, append_ms: int, progress: Callable[[float], None] = lambda _: None
) -> None:
    """Returns once batch may take the epoch of `append_ms` for closed.

    `progress` gets the seconds still to wait.
    """
    ends_ms = (epoch_of(append_ms, settings.epoch_ms) + 1) * settings.epoch_ms + MARGIN_MS
    while (left := ends_ms / 1000 - time.time()) > 0:
        progress(left)
        time.sleep(min(left, 1.0))
