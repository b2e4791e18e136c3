"""How much processor time have parts of the platform used so far?"""

from __future__ import annotations

import redis

from engines import processes
from settings import Settings

FLINK = ("flink-taskmanager",)
REDIS = ("redis", "timelines", "timelines_second")
API = ("api",)


def seconds(settings: Settings, parts: tuple[str, ...]) -> float:
    """User and system, of all processes of these commands of the supervisor's."""
    used = [
        process.cpu_times()
        for part in parts
        for process in processes.marked(settings.state_dir, part)
    ]
    return sum(times.user + times.system for times in used)


def of_server(client: redis.Redis) -> float:
    """Of a Redis server, as it says itself; it may belong to no platform."""
    used = client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])
