"""What went wrong in batch runs in the last day?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from deltalake.exceptions import TableNotFoundError

from batch import alarm
from settings import Settings

DAY_MS = 86_400_000
SHOWN = 3


def lately(settings: Settings) -> list[dict[str, Any]]:
    """The rows of `ledger/alarms` of the last 24 hours, the newest first."""
    try:
        return alarm.since(settings, time.time_ns() // 1_000_000 - DAY_MS)
    except TableNotFoundError:
        return []  # no batch run has ever begun


def lines(alarms: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The same for a person, the last ones by name."""
    if not alarms:
        yield "no batch run has failed or was late in the last 24 hours"
        return
    yield f"{len(alarms)} alarms of batch runs in the last 24 hours (ledger.alarms); the last:"
    for each in alarms[:SHOWN]:
        at = datetime.fromtimestamp(each["at_ms"] / 1000, UTC)
        what = f"{each['dag']}.{each['task']}" if each["task"] else each["dag"]
        yield f"  {at:%H:%M} UTC {what} {each['alarm']}: {each['reason'][:120]}"
