"""How does the X API write a time?

>>> written(1_609_958_320_012)
'2021-01-06T18:38:40.012Z'
"""

from __future__ import annotations

import time


def written(ms: int) -> str:
    """UTC with milliseconds, always three digits: some clients refuse anything else."""
    seconds, rest = divmod(ms, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest:03d}Z"
