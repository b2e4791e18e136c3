"""What if a server hangs: takes connections and answers nothing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psutil

from engines import status
from settings import Settings
from tests.engines.waiting import until

STILL = (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)


def listeners(port: int) -> list[psutil.Process]:
    """The processes that listen on the port; workers share it with who started them."""
    pids = {
        c.pid
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port and c.pid
    }
    return [psutil.Process(pid) for pid in sorted(pids)]


@contextmanager
def frozen(port: int) -> Iterator[None]:
    """The process that listens on the port, and its children, stand still within the block."""
    family = {p for server in listeners(port) for p in (server, *server.children(True))}
    assert family, f"nobody listens on {port}"
    with suspended(family):
        yield


@contextmanager
def standing_still(settings: Settings, part: str) -> Iterator[None]:
    """The same of a part of the platform that listens nowhere, where it runs."""
    current = status.read(settings.state_dir)
    there = current.parts.get(part) if current else None
    with suspended(psutil.Process(pid) for pid in (there.pids.values() if there else ())):
        yield


@contextmanager
def suspended(family: Iterable[psutil.Process]) -> Iterator[None]:
    processes = sorted(family, key=lambda process: process.pid)
    try:
        for process in processes:
            process.suspend()
        # A signal to stop is not obeyed at once, least by a process with many threads.
        until(lambda: all(process.status() in STILL for process in processes), 10)
        yield
    finally:
        for process in processes:
            process.resume()
