"""How many entries has the fan-out job written to home timelines?

Flink counts them; its REST API answers with values up to ten seconds old.
"""

from __future__ import annotations

import time

import httpx

from settings import Settings

JOB, COUNTER = "fanout", "deliveries"
POLL_SECONDS = 1.0
STILL_SECONDS = 25.0  # without a change for this long, the counter has arrived


class NoFanout(RuntimeError):
    """The fan-out job does not run, or does not count."""


def counted(settings: Settings) -> int:
    """The deliveries of the running fan-out job since it was started. Raises `NoFanout`."""
    try:
        with httpx.Client(base_url=settings.flink_url, timeout=10) as flink:
            job = _running(flink)
            vertices = flink.get(f"/jobs/{job}").raise_for_status().json()["vertices"]
            counts = [
                _sum(flink, f"/jobs/{job}/vertices/{v['id']}/subtasks/metrics") for v in vertices
            ]
    except httpx.HTTPError as error:
        raise NoFanout(f"Flink does not answer: {error}") from error
    return sum(counts)


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


def _running(flink: httpx.Client) -> str:
    jobs = flink.get("/jobs/overview").raise_for_status().json()["jobs"]
    for job in jobs:
        if job["name"] == JOB and job["state"] == "RUNNING":
            return job["jid"]
    raise NoFanout(f"the job {JOB} does not run on Flink; see ./starling status")


def _sum(flink: httpx.Client, path: str) -> int:
    """The counter over all subtasks of an operator; 0 where the operator has none."""
    names = [m["id"] for m in flink.get(path).raise_for_status().json()]
    mine = [name for name in names if name.split(".")[-1] == COUNTER]
    if not mine:
        return 0
    asked = {"get": ",".join(mine), "agg": "sum"}
    return sum(int(m["sum"]) for m in flink.get(path, params=asked).raise_for_status().json())
