"""What if a server hangs: takes connections and answers nothing?"""

from __future__ import annotations

import os
import signal
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
    """The process that listens on the port stands still within the block."""
    pid = listener(port).pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
