"""How many deliveries a second does stream-framework make, the fan-out library of the Python world?

Version 1.4.0 is its last, of 2016. It gets an environment of its own in the cache folder, with the
redis-py of its day; `async` has become a word of Python since then and is renamed in the one file
that uses it. What runs there is stream_peer_side.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bench.fetched import fetched
from engines.environments import EnvironmentFailed, uv

PACKAGES = ("stream-framework==1.4.0", "redis==2.10.6")
SIDE = Path(__file__).with_name("stream_peer_side.py")


class NoStreamFramework(RuntimeError):
    """Its environment could not be made, or it failed; the message says why."""


def deliveries(port: int, *, authors: int, followers: int, tweets: int) -> tuple[float, float]:
    """Deliveries a second, and its own CPU microseconds for each, to the Redis at this port.

    Raises `NoStreamFramework`.
    """
    python = fetched("stream-framework", _make) / "bin/python"
    numbers = map(str, (port, authors, followers, tweets))
    done = subprocess.run(
        [str(python), "-I", str(SIDE), *numbers],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NoStreamFramework(f"it ended with {done.returncode}: {done.stderr[-500:]}")
    per_second, cpu_us = done.stdout.split()
    return float(per_second), float(cpu_us)


def without_async(source: str) -> str:
    """The source with the name `async` replaced, where it is a word of its own.

    >>> without_async("def follow(self, id, async=True): self.many([id], async)  # asynchronous")
    'def follow(self, id, run_async=True): self.many([id], run_async)  # asynchronous'
    """
    return re.sub(r"\basync\b", "run_async", source)


def _make(target: Path) -> None:
    python = target / "bin/python"
    try:
        uv("venv", "--quiet", "--allow-existing", "--python", sys.executable, str(target))
        uv("pip", "install", "--quiet", "--python", str(python), *PACKAGES)
    except EnvironmentFailed as error:
        raise NoStreamFramework(f"PyPI did not give it: {error}") from error
    (manager,) = target.glob("lib/*/site-packages/stream_framework/feed_managers/base.py")
    manager.write_text(without_async(manager.read_text()))
