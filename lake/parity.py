"""Does the lake say of a moment what was answered online at that moment?

Each row of `ledger/features_served` is computed again, by the join that training sets are made by,
at the time it was asked, and must be equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from lake import ledgers, tables
from lake.commits import last_run
from lake.training import known_at
from settings import Settings
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.windows import Clock

EXAMPLES = 5
MOST = 100_000  # rows of a table, the newest


class Parity(NamedTuple):
    """`waiting` were answered at times that batch has not come to yet."""

    compared: int
    differing: int
    waiting: int
    examples: list[str]


def parity(settings: Settings, since_ms: int = 0) -> dict[str, Parity]:
    """By table, what was answered from that time on, against the lake."""
    return {table.name: _of(settings, table, since_ms) for table in FEATURE_TABLES}


def _of(settings: Settings, table: FeatureTable, since_ms: int) -> Parity:
    served = _served(settings, table, since_ms)
    last = last_run(tables.features(table), settings)
    done = pc.less_equal(served["through"], last.through if last else -1)
    comparable = served.filter(done)
    # Asked for at the start of what is known through the epoch that was served: where the clock of
    # who asked was behind, the answer was ahead of the time it noted.
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    at_ms = pc.add(pc.multiply(comparable["through"], clock.epoch_ms), clock.delay_ms)
    asked = pa.table(
        {
            **dict(
                zip(table.entity, (comparable["entity_id"], comparable["second_id"]), strict=False)
            ),
            "at_ms": pc.max_element_wise(comparable["asked_at_ms"], at_ms),
        }
    )
    offline = known_at(settings, table, asked).to_pylist()
    differing = [
        _told(row, expected)
        for row, expected in zip(comparable.to_pylist(), offline, strict=True)
        if msgspec.json.decode(row["served_values"]) != expected
    ]
    waiting = served.num_rows - comparable.num_rows
    return Parity(comparable.num_rows, len(differing), waiting, differing[:EXAMPLES])


def _served(settings: Settings, table: FeatureTable, since_ms: int) -> pa.Table:
    rows = ledgers.FEATURES_SERVED.open(settings).to_pyarrow_dataset()
    wanted = (pc.field("feature_table") == table.name) & (pc.field("asked_at_ms") >= since_ms)
    found = rows.to_table(filter=wanted).sort_by([("asked_at_ms", "descending")])
    return found.slice(0, MOST)


def _told(row: dict[str, Any], expected: dict[str, int]) -> str:
    served = msgspec.json.decode(row["served_values"])
    differ = {n: (served.get(n), v) for n, v in expected.items() if served.get(n) != v}
    ids = "/".join(str(row[n]) for n in ("entity_id", "second_id") if row[n] is not None)
    return f"{row['feature_table']} {ids} at {row['asked_at_ms']}: " + ", ".join(
        f"{name} {was} online, {value} in the lake" for name, (was, value) in differ.items()
    )
