"""How many entries has the fan-out job written to home timelines?

Flink counts them; its REST API answers with values up to ten seconds old.
"""

from __future__ import annotations

import time

import httpx

from realtime.cluster import Cluster, JobMissing
from settings import Settings

JOB, COUNTER = "fanout", "deliveries"
POLL_SECONDS = 1.0
STILL_SECONDS = 25.0  # without a change for this long, the counter has arrived


class NoFanout(RuntimeError):
    """The fan-out job does not run."""


def counted(settings: Settings) -> int:
    """The deliveries of the running fan-out job since it was started. Raises `NoFanout`."""
    try:
        with Cluster(settings.flink_url) as cluster:
            return cluster.counter(JOB, COUNTER)
    except (JobMissing, httpx.HTTPError) as error:
        raise NoFanout(f"nobody delivers: {error}; see ./starling status") from error


def wait_for(settings: Settings, expected: int, since: int) -> int:
    """The deliveries counted after `since`: at once where they are as many as expected.

    Otherwise what they are when they no longer change.
    """
    found, changed_at = counted(settings) - since, time.monotonic()
    while found != expected and time.monotonic() - changed_at < STILL_SECONDS:
        time.sleep(POLL_SECONDS)
        before, found = found, counted(settings) - since
        if found != before:
            changed_at = time.monotonic()
    return found
