"""How does a new tweet or account get its id?

The 64-bit layout of X: 41 bits of milliseconds since the epoch below, 10 bits of worker, 12 bits of
sequence; so ids sort by time, and clients may compute times from them.

>>> timestamp_ms(first_id_at(1_700_000_000_000))
1700000000000
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

EPOCH_MS = 1_288_834_974_657
WORKER_BITS, SEQUENCE_BITS = 10, 12
WORKERS, SEQUENCES = 1 << WORKER_BITS, 1 << SEQUENCE_BITS


def timestamp_ms(id: int) -> int:
    """When the id was made, in milliseconds since 1970."""
    return (id >> (WORKER_BITS + SEQUENCE_BITS)) + EPOCH_MS


def first_id_at(ms: int) -> int:
    """The smallest id of that millisecond; nothing made before it is larger."""
    return max(0, ms - EPOCH_MS) << (WORKER_BITS + SEQUENCE_BITS)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class IdMaker:
    """Makes ids that no other process with another `worker` makes. Safe across threads.

    A clock that steps back does not: ids continue from the last millisecond that was used.
    """

    def __init__(self, worker: int, clock: Callable[[], int] = _now_ms) -> None:
        if not 0 <= worker < WORKERS:
            raise ValueError(f"a worker is 0 to {WORKERS - 1}, not {worker}")
        self._worker = worker
        self._clock = clock
        self._lock = threading.Lock()
        self._last_ms, self._sequence = 0, 0

    def next(self) -> int:
        with self._lock:
            now = max(self._clock(), self._last_ms)
            if now > self._last_ms:
                self._last_ms, self._sequence = now, 0
            else:
                self._sequence += 1
                if self._sequence == SEQUENCES:  # the millisecond is full: borrow the next one
                    self._last_ms, self._sequence = now + 1, 0
            high = (self._last_ms - EPOCH_MS) << (WORKER_BITS + SEQUENCE_BITS)
            return high | self._worker << SEQUENCE_BITS | self._sequence


class NoWorkerFree(RuntimeError):
    """All worker numbers of this machine are taken."""


class WorkerLease:
    """A worker number held by this process alone, for as long as it lives.

    The lock is the kernel's, on a file in `folder`: a killed process gives its number back.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(WORKERS):
            handle = (folder / f"{number}.lock").open("w")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.close()
                continue
            self.number = number
            self._handle: IO[str] = handle
            return
        raise NoWorkerFree(f"no worker number is free in {folder}")

    def release(self) -> None:
        self._handle.close()
