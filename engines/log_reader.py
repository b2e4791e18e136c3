"""How does a process of ours run that reads the log for as long as it lives?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from engines import environments
from engines.server import Command, NotHealthy, Server, python_env

STUCK_SECONDS = 60  # it turns round about once a second unless a store or the log refuses


class LogReader(Server):
    """Runs `module` in the app environment."""

    module: ClassVar[str]

    @property
    def pulse(self) -> Path:
        """Touched by the process each time it has dealt with all that it read."""
        return self.settings.state_dir / f"{self.name}.pulse"

    def configure(self) -> None:
        self.pulse.unlink(missing_ok=True)

    def commands(self) -> list[Command]:
        argv = [str(environments.python("app")), "-m", self.module]
        return [Command(self.name, argv, python_env("app"))]

    def check(self) -> None:
        silent = time.time() - self.pulse.stat().st_mtime
        if silent > STUCK_SECONDS:
            raise NotHealthy(f"stuck for {silent:.0f} s: see `./starling logs {self.name}`")
