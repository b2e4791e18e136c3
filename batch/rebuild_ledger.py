"""How long did each step of a rebuild take, and how long will it take next time?"""

from __future__ import annotations

import time

import pyarrow as pa
from deltalake import write_deltalake

from lake import ledgers
from settings import Settings


def note(settings: Settings, step: str, rows: int, seconds: float) -> None:
    """Says in the ledger what was measured; nothing where there was nothing to do."""
    if rows:
        now_ms = time.time_ns() // 1_000_000
        row = {"step": step, "rows": rows, "seconds": seconds, "measured_at_ms": now_ms}
        table = ledgers.REBUILDS.create(settings)
        write_deltalake(table, pa.Table.from_pylist([row], ledgers.REBUILDS.columns), mode="append")


def estimate(settings: Settings, step: str, rows: int, like: str | None = None) -> float | None:
    """Seconds, by the rate of the last time, else of the step `like`; None where neither was ever
    measured.

    A step of fewer rows takes its start all the same, so small ones are told too short.
    """
    known = ledgers.REBUILDS.create(settings).to_pyarrow_table().to_pylist()
    for name in (step, like):
        if measured := [row for row in known if row["step"] == name]:
            last = max(measured, key=lambda row: row["measured_at_ms"])
            return rows * last["seconds"] / last["rows"]
    return None
