"""What has been compared already, and where does a comparison stand for good?"""

from __future__ import annotations

import time
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from batch.drift import Drift
from lake import ledgers
from lake.commits import replace
from settings import Settings


def compared_before(settings: Settings, view: str, through: int) -> int:
    """The epoch through which earlier comparisons of the view went; 0 where there are none."""
    drift = ledgers.DRIFT.open(settings).to_pyarrow_dataset()
    before = drift.to_table(
        columns=["through"], filter=(pc.field("view") == view) & (pc.field("through") < through)
    )
    return pc.max(before.column("through")).as_py() or 0


def append(
    settings: Settings,
    view: str,
    through: int,
    found: Iterable[Drift],
    *,
    since: int | None = None,
) -> None:
    """Puts the comparison into the ledger, once however often it runs. One that looks at all epochs
    from `since` on again takes the place of what was said of them."""
    now_ms = time.time_ns() // 1_000_000
    said = {"view": view, "through": through, "measured_at_ms": now_ms}
    rows = pa.RecordBatch.from_pylist([d.row() | said for d in found], ledgers.DRIFT.columns)
    same = f"through = {through}" if since is None else f"epoch >= {since}"
    where = f"view = '{view}' AND {same}"
    replace(ledgers.DRIFT, settings, [rows], where)
