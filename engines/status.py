"""How does the platform stand? The supervisor writes it down, everyone else reads it.

It is one JSON file in the state folder, replaced as a whole, so a reader never sees half of it.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Literal

import msgspec

from settings import Settings

State = Literal["waiting", "fetching", "starting", "healthy", "unhealthy", "failed", "stopped"]
# How often a part may fail before `up` calls it hopeless; the supervisor goes on trying.
HOPELESS = 4
SECRET = {"signing_key", "pseudonym_key", "bi_password"}  # everyone may read the status


class PartStatus(msgspec.Struct):
    """One server or step. `since` is seconds since 1970."""

    state: State = "waiting"
    since: float = 0.0
    pids: dict[str, int] = {}
    failures: int = 0  # in a row
    restarts: int = 0  # since the supervisor started
    why: str = ""  # why it is not healthy


class PlatformStatus(msgspec.Struct):
    pid: int  # of the supervisor
    looked_at: float  # when it started, or last looked again because `up` asked
    settings: dict[str, str]
    parts: dict[str, PartStatus]

    @property
    def healthy(self) -> bool:
        return all(part.state == "healthy" for part in self.parts.values())


def plain(settings: Settings) -> dict[str, str]:
    """The settings as the status keeps them, to tell whether a platform runs with others."""
    return {name: str(value) for name, value in settings.model_dump(exclude=SECRET).items()}


def path(state_dir: Path) -> Path:
    return state_dir / "supervisor.json"


def read(state_dir: Path) -> PlatformStatus | None:
    """What the supervisor last wrote, or None where none has run since the last `down`."""
    try:
        return msgspec.json.decode(path(state_dir).read_bytes(), type=PlatformStatus)
    except FileNotFoundError:
        return None


class Board:
    """The supervisor's own copy: threads set it, each change is written out and wakes waiters."""

    def __init__(self, state_dir: Path, status: PlatformStatus) -> None:
        self.state_dir, self.status = state_dir, status
        self.changed = threading.Condition()
        self.write()

    def set(self, name: str, **changes: object) -> PartStatus:
        with self.changed:
            part = self.status.parts[name]
            if all(getattr(part, key) == value for key, value in changes.items()):
                return part
            if changes.get("state", part.state) != part.state:
                part.since = time.time()
            for key, value in changes.items():
                setattr(part, key, value)
            self.write()
            return part

    def write(self) -> None:
        with self.changed:
            target = path(self.state_dir)
            new = target.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(self.status))
            new.replace(target)
            self.changed.notify_all()
