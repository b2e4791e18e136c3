"""What happens to a call when its store is slow or gone?

It fails within the store's time limit, as `StoreUnavailable`. After a few failures in a row calls
fail at once, so that waiting requests do not pile up behind a dead store; every two seconds one of
them tries again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pybreaker

from serving.errors import StoreUnavailable
from serving.metrics import STORE_FAILURES

FAILURES_TO_OPEN = 5
SECONDS_OPEN = 2


class Guard:
    """`with guard():` around each call to one store; `failures` are the driver's own exceptions.

    pybreaker's `call` holds its lock during the call, which would let one request at a time
    through; `calling` does not.
    """

    def __init__(self, store: str, failures: tuple[type[Exception], ...]) -> None:
        self.store = store
        self._failures = failures
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=SECONDS_OPEN,
            exclude=[lambda error: not isinstance(error, failures)],
            throw_new_error_on_trip=False,
            name=store,
        )

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            with self._breaker.calling():
                yield
        except pybreaker.CircuitBreakerError as error:
            STORE_FAILURES.labels(self.store, "refused").inc()
            raise StoreUnavailable(self.store, "it has failed several times in a row") from error
        except self._failures as error:
            STORE_FAILURES.labels(self.store, type(error).__name__).inc()
            raise StoreUnavailable(self.store, str(error) or type(error).__name__) from error
