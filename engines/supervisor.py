"""What keeps the platform running after `up` has returned?

One background process a state folder. SIGTERM takes the platform down, SIGHUP makes it look again
at once: steps run again and a part waiting for its next try does not wait.

    python -m engines.supervisor [PART...]     # in the foreground; parts and what they need
"""

from __future__ import annotations

import os
import signal
import sys
import time

import structlog
from filelock import FileLock, Timeout

from engines import environments, processes
from engines.frozen import remember
from engines.keepers import Keeper, Run, ServerKeeper, StepKeeper
from engines.platform import dependents, parts
from engines.provision import Step
from engines.status import Board, PartStatus, PlatformStatus, path, plain
from settings import Settings, load

KEEP_SECONDS = 3600  # between two notes that this platform's environments are in use

log = structlog.get_logger()


def supervise(settings: Settings, only: list[str] | None = None) -> None:
    """Runs the platform until SIGTERM or SIGINT. Raises `filelock.Timeout` where one runs it."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(lock_path(settings), timeout=0):
        remember(settings)
        os.environ[processes.MARK] = str(settings.state_dir)
        for name in environments.NAMES:
            environments.folder(name)  # decides which one this platform runs on, and keeps
        members = parts(settings, only)
        status = PlatformStatus(
            pid=os.getpid(),
            looked_at=time.time(),
            settings=plain(settings),
            parts={name: PartStatus() for name in members},
        )
        board = Board(settings.state_dir, status)
        run = Run(settings, board, {name: dependents(members, name) for name in members})
        keepers: list[Keeper] = [
            StepKeeper(part, run) if isinstance(part, Step) else ServerKeeper(part, run)
            for part in members.values()
        ]
        _until_stopped(run, keepers)
        processes.kill(processes.marked(settings.state_dir))  # whoever left its process group
        path(settings.state_dir).unlink()


def keep_environments() -> None:
    """Other clones drop what has not been in use for days; a platform may be up for longer."""
    for name in environments.NAMES:
        environments.keep(name)


def lock_path(settings: Settings) -> str:
    """Held by the supervisor as long as it lives, however it ends."""
    return str(settings.state_dir / "supervisor.lock")


def _until_stopped(run: Run, keepers: list[Keeper]) -> None:
    arrived: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # A handler only takes a note: it may interrupt this very thread while it holds the board.
        signal.signal(number, lambda received, _: arrived.append(received))
    log.info("started", parts=[keeper.part_name for keeper in keepers])
    for keeper in keepers:
        keeper.start()
    kept_at = time.monotonic()
    while any(keeper.is_alive() for keeper in keepers):
        time.sleep(0.2)  # a signal cuts it short
        if time.monotonic() - kept_at > KEEP_SECONDS:
            kept_at = time.monotonic()
            keep_environments()
        while arrived:
            if arrived.pop() == signal.SIGHUP:
                log.info("looking again")
                run.look_again()
            else:
                log.info("stopping")
                run.stop()
    log.info("stopped")


def main() -> None:
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        supervise(load(), sys.argv[1:] or None)
    except Timeout:
        sys.exit("a supervisor already runs on this state folder")


if __name__ == "__main__":
    main()
