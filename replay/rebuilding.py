"""Does everything in Redis come back from the lake alone?

Redis is emptied as if its disk were lost; then the batch layer puts back every view.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis

from engines import environments
from engines.server import python_env
from ingest.positions import epoch_of
from settings import Settings
from views.registry import VIEWS

FUNCTIONS = Path(__file__).parents[1] / "realtime" / "functions.lua"


class RebuildFailed(RuntimeError):
    """A step of the batch layer failed; the message ends with what it said last."""


def wipe(redis: Redis) -> int:
    """Empties Redis, its functions included, loads the functions again; returns the keys lost."""
    keys = redis.dbsize()
    redis.flushall()
    redis.function_flush()
    redis.function_load(FUNCTIONS.read_text(), replace=True)
    return keys


def wait_until_closed(
    settings: Settings, append_ms: int, progress: Callable[[float], None] = lambda _: None
) -> None:
    """Returns once the epoch of `append_ms` is over, by this machine's clock.

    `progress` gets the seconds still to wait.
    """
    end_ms = (epoch_of(append_ms, settings.epoch_ms) + 1) * settings.epoch_ms
    while (left := end_ms / 1000 - time.time()) > 0:
        progress(left)
        time.sleep(min(left, 1.0))


def rebuild_all(settings: Settings, progress: Callable[[str], None] = lambda _: None) -> None:
    """Every view from the lake, complete through the last closed epoch. Raises `RebuildFailed`.

    `progress` gets the name of each view that is done.
    """
    for view in VIEWS:
        run("batch", "batch.rebuild", view.name)
        progress(view.name)


def run(environment: str, module: str, *arguments: str) -> dict[str, Any]:
    """The JSON a command of the batch layer prints last. Raises `RebuildFailed`."""
    done = subprocess.run(
        [environments.python(environment), "-m", module, *arguments],
        cwd=environments.REPOSITORY,
        env=os.environ | python_env(environment),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr.strip() or "nothing").splitlines()[-1]
        raise RebuildFailed(f"{module} {' '.join(arguments)} failed: {said}")
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
