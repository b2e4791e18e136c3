"""Which texts have people called spam, as far as this process knows?

One small set for all who ask: the API before a tweet is acknowledged, and the scorer after. Who
makes it says how it is read, since each layer has its own way to the store.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import structlog

SHORTEST = 20  # code points; what is shorter others say too, and mean no harm

log = structlog.get_logger()


class KnownSpam:
    """Keys of `moderation.behaviour.same_text`, read anew when they are `seconds` old.

    Safe to share between threads: one reads, while the others go by what was read last. So do all
    while `read` raises one of `failures`.

    >>> KnownSpam(lambda: ["00c0ffee00c0ffee"], seconds=5.0).keys()
    frozenset({'00c0ffee00c0ffee'})
    """

    def __init__(
        self,
        read: Callable[[], Iterable[str]],
        *,
        seconds: float,
        failures: tuple[type[Exception], ...] = (),
    ) -> None:
        self._read, self._seconds, self._failures = read, seconds, failures
        self._keys: frozenset[str] = frozenset()
        self._next = 0.0
        self._reading = threading.Lock()

    def keys(self) -> frozenset[str]:
        if time.monotonic() >= self._next and self._reading.acquire(blocking=False):
            try:
                self._keys = frozenset(self._read())
            except self._failures as error:
                log.warning("known_spam_not_read", reason=str(error), known=len(self._keys))
            finally:
                self._next = time.monotonic() + self._seconds
                self._reading.release()
        return self._keys
