"""How is an application served for a bench, in just the way the API is?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings import Settings

BINARIES = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def granian(target: str, settings: Settings, port: int) -> list[str]:
    """The command of `serving/__main__.py`, for another application."""
    return [
        *(str(BINARIES / "granian"), "--interface", "wsgi", target, "--http", "1", "--no-ws"),
        *("--host", settings.host, "--port", str(port), "--workers", str(settings.api_workers)),
        *("--blocking-threads", str(settings.api_threads), "--log-level", "error"),
    ]


def gunicorn(target: str, settings: Settings, port: int) -> list[str]:
    return [
        *(str(BINARIES / "gunicorn"), target, "--bind", f"{settings.host}:{port}"),
        *("--worker-class", "gthread", "--workers", str(settings.api_workers)),
        *("--threads", str(settings.api_threads), "--keep-alive", "60", "--log-level", "error"),
    ]


@contextmanager
def serving(command: list[str], settings: Settings, port: int) -> Iterator[None]:
    """The server is up within the block."""
    chosen = {name: getattr(settings, name) for name in settings.model_fields_set}
    server = subprocess.Popen(
        command,
        env=os.environ | {f"STARLING_{name.upper()}": str(v) for name, v in chosen.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection((settings.host, port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError(f"{command[0]} did not come up") from None
                time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(30)
