"""Is the whole platform what it says it is: on loopback only, and itself again after a death?"""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import subprocess
from typing import Any

import psutil
import pytest

from engines import control, processes, status
from engines.environments import REPOSITORY
from realtime.cluster import Cluster
from realtime.submit import JOBS
from settings import Settings
from tests.engines.waiting import until

pytestmark = pytest.mark.e2e


def test_everything_listens_on_loopback_only(platform: Settings) -> None:
    members = {process.pid: process.name() for process in processes.marked(platform.state_dir)}
    listening = [
        connection
        for connection in psutil.net_connections("inet")
        if connection.pid in members and connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    open_to_all = [
        f"{members[connection.pid]} on {connection.laddr}"
        for connection in listening
        if connection.pid and not _is_loopback(connection.laddr.ip)
    ]
    assert not open_to_all


def test_up_on_a_running_platform_prints_its_addresses(platform: Settings) -> None:
    before = _pids(platform)
    said = _starling("up", "--json")
    assert said["api"] == platform.api_url
    assert said["flink"] == platform.flink_url
    assert said["kafka"] == platform.kafka
    assert {"airflow", "cassandra", "redis", "postgres", "lake"} <= said.keys()
    assert _pids(platform) == before


def test_status_tells_of_every_part(platform: Settings) -> None:
    said = _starling("status", "--json")
    assert said["healthy"] is True
    assert {"kafka", "cassandra", "redis", "postgres", "flink", "api"} <= said["parts"].keys()
    assert {part["state"] for part in said["parts"].values()} == {"healthy"}


@pytest.mark.long
def test_jobs_come_back_after_the_jobmanager_died(platform: Settings) -> None:
    first = _pids(platform)["flink-jobmanager"]
    os.kill(first, signal.SIGKILL)
    until(lambda: _pids(platform).get("flink-jobmanager", first) != first, 60)
    assert control.up(platform).healthy
    with Cluster(platform.flink_url) as cluster:
        cluster.require_running(JOBS)


def _is_loopback(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def _pids(settings: Settings) -> dict[str, int]:
    current = status.read(settings.state_dir)
    assert current
    return {name: pid for part in current.parts.values() for name, pid in part.pids.items()}


def _starling(*arguments: str) -> dict[str, Any]:
    command = [str(REPOSITORY / "starling"), *arguments]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
