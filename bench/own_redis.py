"""What does a Redis of a bench's own look like? Configured as the platform's, on a free port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis

from bench.servers import free_port
from engines.redis import Redis
from realtime import redis_functions
from settings import Settings

START_SECONDS = 30


class DidNotStart(RuntimeError):
    """The server is not there; the message says how it ended."""


@contextmanager
def own_redis(
    binary: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[redis.Redis]:
    """A client of an empty server that knows our functions; gone at the end.

    `binary` is another build than the platform's, with what that needs in its environment.
    """
    folder = Path(tempfile.mkdtemp(prefix="starling-bench-"))
    server = Redis(Settings(state_dir=folder, redis_port=free_port()))
    server.fetch()
    server.configure()
    (command,) = server.commands()
    process = subprocess.Popen(
        [str(binary or command.argv[0]), *map(str, command.argv[1:])],
        env=os.environ | dict(command.env) | dict(environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(server, process)
        with redis_functions.connect(server.settings.redis_url) as client:
            yield client
    finally:
        process.terminate()
        process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _await(server: Redis, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.check()
            return
        except (redis.ConnectionError, redis.BusyLoadingError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"Redis ended with {process.poll()}: {error}") from error
            time.sleep(0.05)
