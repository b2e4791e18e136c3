"""What must a server be able to do, so that the supervisor can run it?

A server says what to fetch, writes its configuration, names the processes to start and can be
asked whether it answers. Starting, watching, restarting and stopping are the supervisor's.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from engines.environments import REPOSITORY
from settings import Settings

# A JVM out of memory exits, so that the supervisor starts a sound one; none leaves files in /tmp.
JVM = ("-Djava.awt.headless=true", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError")


@dataclass(frozen=True)
class Command:
    """One process of a server."""

    name: str  # "flink-taskmanager"; its log is {state_dir}/logs/<name>.log
    argv: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)  # added to the supervisor's own
    cwd: Path = REPOSITORY
    user: str | None = None  # who runs it when the supervisor is root; None: the supervisor's user
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 20  # after that it is killed


class NotHealthy(RuntimeError):
    """A server is up but does not answer as it should; the message says how."""


class Server(ABC):
    """A server of the platform, as `settings` describe it. Holds no connection and no process."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()  # servers and provisioning steps that come first
    start_seconds: ClassVar[float] = 300  # until healthy; long, for busy machines

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def home(self) -> Path:
        """The server's own folder: configuration and data."""
        return self.settings.state_dir / self.name

    def ports(self) -> dict[str, int]:
        """The ports it listens on, by the setting that names each: `{"redis_port": 16379}`."""
        return {}

    def fetch(self) -> None:
        """Downloads what is missing. Costs nothing when nothing is."""
        return

    def configure(self) -> None:
        """Writes its configuration and makes its data folder. Called before every start."""
        return

    @abstractmethod
    def commands(self) -> list[Command]:
        """The processes to start, in this order."""

    @abstractmethod
    def check(self) -> None:
        """Raises whatever shows that the server does not answer; returns when it does."""


def python_env(name: str) -> dict[str, str]:
    """What a process of the environment `name` must find in its surroundings."""
    from engines.environments import folder

    binaries = folder(name) / "bin"
    return {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
    }
