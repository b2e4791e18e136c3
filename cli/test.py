"""Do all tests pass? Sets up what is missing, then runs pytest with what it is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rich.console import Console

from engines import environments


def run(arguments: Sequence[str]) -> None:
    """Replaces this process by pytest; the environments come first so no test waits for one."""
    console = Console(stderr=True)
    for name in environments.NAMES:
        console.print(f"[dim]{name} environment: {environments.ensure(name)}")
    os.chdir(environments.REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
