"""What if a server hangs: takes connections and answers nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psutil


def listener(port: int) -> psutil.Process:
    """The process that listens on the port."""
    (pid,) = {
        c.pid
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port
    }
    return psutil.Process(pid)


@contextmanager
def frozen(port: int) -> Iterator[None]:
    """The process that listens on the port, and its children, stand still within the block."""
    server = listener(port)
    processes = [server, *server.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()
