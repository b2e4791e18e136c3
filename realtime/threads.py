"""How do several jobs get along in one Python interpreter?"""

from __future__ import annotations

import sys

SWITCH_SECONDS = 0.0005


def share_the_interpreter() -> None:
    """Lets threads take turns ten times as often as Python's default of 5 ms.

    In thread mode all jobs of a TaskManager share one interpreter. One that waits for Redis after
    every tweet would get it back only after 5 ms whenever another is busy: 200 tweets a second.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
