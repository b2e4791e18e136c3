"""Do all tests pass? Sets up what is missing, then runs pytest with what it is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rich.console import Console

from engines import environments
from engines.platform import SERVERS
from settings import load

ALL = ("--cov", "--cov-report=term", "-m", "not long")  # of a part, coverage says nothing


def run(arguments: Sequence[str]) -> None:
    """Replaces this process by pytest, after fetching everything so that no test waits for it."""
    console = Console(stderr=True)
    for name in environments.NAMES:
        console.print(f"[dim]{name} environment: {environments.ensure(name)}")
    for server in SERVERS:
        server(load()).fetch()
    os.chdir(environments.REPOSITORY)
    arguments = arguments or ALL
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
