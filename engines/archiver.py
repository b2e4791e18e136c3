"""How does the archiver run: the log's way into the lake?"""

from __future__ import annotations

import time
from pathlib import Path

from engines import environments
from engines.server import Command, NotHealthy, Server, python_env

STUCK_SECONDS = 60  # it turns round about once a second unless the lake or the log refuses


class Archiver(Server):
    name = "archiver"
    needs = ("topics",)

    @property
    def pulse(self) -> Path:
        """Touched by the archiver each time it has archived all it read."""
        return self.settings.state_dir / "archiver.pulse"

    def configure(self) -> None:
        self.pulse.unlink(missing_ok=True)

    def commands(self) -> list[Command]:
        argv = [str(environments.python("app")), "-m", "ingest.archiver"]
        return [Command("archiver", argv, python_env("app"))]

    def check(self) -> None:
        silent = time.time() - self.pulse.stat().st_mtime
        if silent > STUCK_SECONDS:
            raise NotHealthy(f"stuck for {silent:.0f} s: see `./starling logs archiver`")
