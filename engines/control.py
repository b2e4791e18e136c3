"""How is the supervisor started, asked and ended from outside?"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

import psutil
from filelock import FileLock, Timeout

from engines import frozen, processes, status
from engines.environments import REPOSITORY
from engines.platform import parts
from engines.ports import require_free
from engines.server import Command, Server
from engines.status import HOPELESS, PlatformStatus
from engines.supervisor import lock_path
from settings import Settings

STOP_SECONDS = 120


class NotUp(RuntimeError):
    """The platform did not come up; the message says which part and why."""


class SettingsChanged(RuntimeError):
    """The platform runs with other settings than these."""


def is_running(settings: Settings) -> bool:
    """Whether a supervisor lives on this state folder."""
    if not settings.state_dir.exists():
        return False
    try:
        with FileLock(lock_path(settings), timeout=0):
            return False
    except Timeout:
        return True


def up(
    settings: Settings,
    only: Iterable[str] | None = None,
    watch: Callable[[PlatformStatus], None] = lambda _: None,
    timeout_seconds: float = 1800,
) -> PlatformStatus:
    """Starts what does not run and returns when all is healthy; `watch` sees it happen.

    Raises `PortTaken`, `FrozenSettingChanged`, `SettingsChanged`, `NotUp`.
    """
    frozen.remember(settings)
    if is_running(settings):
        _require_same(settings)
        since = time.time()
        _look_again(settings)
    else:
        processes.kill(processes.marked(settings.state_dir))  # what a killed supervisor left
        for part in parts(settings, only).values():
            if isinstance(part, Server):
                require_free(settings.host, part.ports())
        since = time.time()
        _spawn(settings, list(only or ()))
    return _await(settings, since, watch, timeout_seconds)


def down(settings: Settings) -> None:
    """Ends the platform: servers in order, then anything that still bears its mark."""
    current = status.read(settings.state_dir)
    if is_running(settings) and current:
        supervisor = psutil.Process(current.pid)
        supervisor.terminate()
        psutil.wait_procs([supervisor], timeout=STOP_SECONDS)
    processes.kill(processes.marked(settings.state_dir))
    status.path(settings.state_dir).unlink(missing_ok=True)


def _spawn(settings: Settings, only: list[str]) -> None:
    """The supervisor outlives its caller, in a session of its own, with exactly these settings."""
    argv = [sys.executable, "-m", "engines.supervisor", *only]
    environment = {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"} | as_environment(
        settings
    )
    processes.start(Command("supervisor", argv, environment), settings.state_dir)


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables by which another process has exactly these settings."""
    given = settings.model_dump(mode="json", exclude_none=True)
    return {f"STARLING_{name.upper()}": str(value) for name, value in given.items()}


def _await(
    settings: Settings,
    since: float,
    watch: Callable[[PlatformStatus], None],
    timeout_seconds: float,
) -> PlatformStatus:
    while True:
        current = status.read(settings.state_dir)
        if current and current.looked_at >= since:
            watch(current)
            if current.healthy:
                return current
            for name, part in current.parts.items():
                if part.failures >= HOPELESS:
                    raise NotUp(f"{name} does not come up: {part.why}")
        if time.time() - since > 15 and not is_running(settings):
            raise NotUp(
                f"the supervisor ended: see {processes.log_of('supervisor', settings.state_dir)}"
            )
        if time.time() - since > timeout_seconds:
            waiting = (
                [n for n, p in current.parts.items() if p.state != "healthy"] if current else []
            )
            raise NotUp(f"not healthy after {timeout_seconds:.0f} s: {', '.join(waiting)}")
        time.sleep(0.2)


def _require_same(settings: Settings) -> None:
    current = status.read(settings.state_dir)
    for name, now in status.plain(settings).items():
        running = current.settings.get(name, now) if current else now
        if running != now:
            raise SettingsChanged(
                f"the platform runs with STARLING_{name.upper()}={running}, now it is {now}: "
                "run `./starling down` first"
            )


def _look_again(settings: Settings) -> None:
    current = status.read(settings.state_dir)
    if current:
        os.kill(current.pid, signal.SIGHUP)
