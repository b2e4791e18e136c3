"""How is a process started so that all of it can be ended, children that wandered off included?

Each runs in its own session and carries its platform's state folder in the environment. Ending
one ends its process group; the mark finds what left the group, or outlived a killed supervisor.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

import psutil

from engines.server import Command

MARK = "STARLING_PLATFORM"  # the state folder of the platform a process belongs to
PART_MARK = "STARLING_PART"  # the name of its command
LOG_BYTES = 20_000_000  # a log longer than this is set aside when its process starts


def start(command: Command, state_dir: Path) -> subprocess.Popen[bytes]:
    """Starts it with its output appended to `{state_dir}/logs/<name>.log`."""
    log = log_of(command.name, state_dir)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    user = pwd.getpwnam(command.user) if command.user else None
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command.argv],
            env=os.environ | {MARK: str(state_dir), PART_MARK: command.name} | dict(command.env),
            cwd=command.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def log_of(name: str, state_dir: Path) -> Path:
    return state_dir / "logs" / f"{name}.log"


def stop(process: subprocess.Popen[bytes], command: Command) -> None:
    """Asks the process to end, waits its time, then kills its group and its descendants."""
    family = descendants(process.pid)
    if process.poll() is None:
        process.send_signal(command.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(command.stop_seconds)
    kill_group(process.pid)
    kill(family)
    process.wait()


def descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill(processes: Iterable[psutil.Process]) -> None:
    doomed = list(processes)
    for process in doomed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(doomed, timeout=10)


def marked(state_dir: Path, part: str | None = None) -> list[psutil.Process]:
    """Every process of the platform of `state_dir`, or of one command of it; never this one."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            environment = process.environ() if process.pid != os.getpid() else {}
            if environment.get(MARK) == str(state_dir):
                found += [process] if part in (None, environment.get(PART_MARK)) else []
    return found
