"""Where does a bench run without leaving its made-up users in anybody's platform?"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engines import control, environments
from engines.flink import client_env
from settings import Settings, unlimited


@contextmanager
def own_platform(*parts: str) -> Iterator[Settings]:
    """Settings of a new platform with only these parts, and what they need, up; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="starling-bench-"))
    folder.chmod(0o755)  # PostgreSQL's ordinary user must be able to enter
    settings = Settings(state_dir=folder, **_free_ports(), **unlimited())
    try:
        control.up(settings, parts)
        yield settings
    finally:
        control.down(settings)
        shutil.rmtree(folder, ignore_errors=True)


def submit(settings: Settings, job: str) -> None:
    """Starts one job of the speed layer, where Flink is up."""
    speed(settings, "realtime.submit", job)


def speed(settings: Settings, module: str, *arguments: str) -> None:
    """Runs a module in the speed layer's environment, where Flink is up."""
    subprocess.run(
        [environments.python("speed"), "-m", module, *arguments],
        env=os.environ | client_env(settings) | control.as_environment(settings),
        cwd=environments.REPOSITORY,
        check=True,
        stdout=sys.stderr,
    )


def _free_ports() -> dict[str, int]:
    """A port on which nothing listens for each setting that names one."""
    names = [name for name in Settings.model_fields if name.endswith("_port")]
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in names]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}
