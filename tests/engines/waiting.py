"""How does a test wait for what the platform does by itself?"""

from __future__ import annotations

import time
from collections.abc import Callable


def until(
    happened: Callable[[], bool], seconds: float = 30, why: str = "it did not happen"
) -> None:
    """Returns as soon as it happened. Raises `TimeoutError`, saying why, when it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{why} within {seconds} s")
        time.sleep(0.05)
