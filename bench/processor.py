"""How much processor time have parts of the platform used so far?"""

from __future__ import annotations

from engines import processes
from settings import Settings

FLINK = ("flink-taskmanager",)
REDIS = ("redis", "redis_second")
API = ("api",)


def seconds(settings: Settings, parts: tuple[str, ...]) -> float:
    """User and system, of all processes of these commands of the supervisor's."""
    used = [
        process.cpu_times()
        for part in parts
        for process in processes.marked(settings.state_dir, part)
    ]
    return sum(times.user + times.system for times in used)
