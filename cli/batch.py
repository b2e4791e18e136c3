"""How is a command of a layer run, in the environment it belongs to?"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from engines import environments
from engines.provision import surroundings
from settings import load


class CommandFailed(RuntimeError):
    """A command failed; the message is the last thing it said."""


def run(environment: str, module: str, *arguments: str) -> dict[str, Any]:
    """Runs `python -m module arguments`; returns the JSON that it prints last, or nothing.

    Raises `CommandFailed`.
    """
    done = subprocess.run(
        [environments.ensure(environment), "-m", module, *arguments],
        cwd=environments.REPOSITORY,
        env={**os.environ, **surroundings(environment, load())},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr.strip() or f"{module} said nothing").splitlines()
        raise CommandFailed(said[-1])
    last = (done.stdout.strip() or "{}").splitlines()[-1]
    result: dict[str, Any] = json.loads(last) if last.startswith("{") else {}
    return result
