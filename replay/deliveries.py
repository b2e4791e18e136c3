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
REST_SECONDS = 4.0  # what was delivered before shows within this time
REST_WAIT_SECONDS = 60.0  # a platform in use never rests; then the check says what it cost


class NoFanout(RuntimeError):
    """The fan-out job does not run."""


def counted(settings: Settings) -> int:
    """The deliveries of the running fan-out job since it was started. Raises `NoFanout`."""
    try:
        with Cluster(settings.flink_url) as cluster:
            return cluster.counter(JOB, COUNTER)
    except (JobMissing, httpx.HTTPError) as error:
        raise NoFanout(f"nobody delivers: {error}; see ./starling status") from error


def at_rest(settings: Settings) -> int:
    """The counter once it rests, so that what others posted before is not taken for ours."""
    deadline = time.monotonic() + REST_WAIT_SECONDS
    found, changed_at = counted(settings), time.monotonic()
    while time.monotonic() - changed_at < REST_SECONDS and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        before, found = found, counted(settings)
        if found != before:
            changed_at = time.monotonic()
    return found


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
