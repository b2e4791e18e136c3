"""How does a test run something in the batch layer's own environment?"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any, NamedTuple

from engines import environments
from engines.server import python_env
from settings import Settings


class Outcome(NamedTuple):
    code: int
    result: dict[str, Any]
    said: str  # the last line on stderr


def run(settings: Settings, *arguments: str) -> Outcome:
    """Runs `python arguments` on this lake and the stores of these settings."""
    said = {
        f"STARLING_{name.upper()}": str(value)
        for name, value in settings.model_dump().items()
        if value is not None
    }
    done = subprocess.run(
        [environments.ensure("batch"), *arguments],
        cwd=environments.REPOSITORY,
        env=os.environ | python_env("batch") | said,
        capture_output=True,
        text=True,
    )
    lines = done.stdout.strip().splitlines()
    result = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Outcome(done.returncode, result, (done.stderr.strip().splitlines() or [""])[-1])
