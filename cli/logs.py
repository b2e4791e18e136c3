"""What does a server, a step or the supervisor say?"""

from __future__ import annotations

import os

from engines.processes import log_of
from settings import load


def logs(server: str, lines: int, follow: bool) -> None:
    """Hands over to `tail`. Raises `SystemExit` naming the logs there are."""
    folder = log_of(server, load().state_dir).parent
    chosen = sorted(folder.glob(f"{server}.log")) or sorted(folder.glob(f"{server}-*.log"))
    if not chosen:
        there = ", ".join(sorted(path.stem for path in folder.glob("*.log"))) or "none yet"
        raise SystemExit(f"no log is called {server}; there are: {there}")
    options = ["-n", str(lines), *(["-F"] if follow else [])]
    os.execvp("tail", ["tail", *options, *map(str, chosen)])
