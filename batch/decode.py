"""Which row of silver is a record of bronze, which is none, and which event is a row of silver?

The codec decides, the same that the speed layer uses, so both layers refuse the same records.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ingest.codec import Undecodable, decode
from ingest.events.columns import log_columns
from lake.tables import REJECTED, silver

PLACE = ("topic", "partition", "append_ms", "epoch", "request_id", "day")
"""Columns taken over from bronze as they are."""


def decode_batch(batch: pa.RecordBatch, topic: str) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The events in a batch of bronze of one topic as rows of silver; the rest as rejected."""
    values = batch.column("value").to_pylist()
    columns: dict[str, list[Any]] = {name: [None] * len(values) for name in log_columns(topic)}
    reasons: list[str | None] = [None] * len(values)
    for number, value in enumerate(values):
        try:
            event = decode(value, topic=topic)
        except Undecodable as error:
            reasons[number] = error.reason
            continue
        columns["kind"][number] = type(event).__name__
        for name in event.__struct_fields__:
            columns[name][number] = getattr(event, name)
    place = {name: batch.column(name) for name in PLACE} | {"pos": batch.column("offset")}
    reason = pa.array(reasons, pa.string())
    good = _batch(silver(topic).columns, columns | place)
    bad = _batch(REJECTED.columns, {"reason": reason, "value": batch.column("value")} | place)
    return good.filter(reason.is_null()), bad.filter(reason.is_valid())


def _batch(schema: pa.Schema, columns: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            values if isinstance(values, pa.Array) else pa.array(values, field.type)
            for field, values in ((field, columns[field.name]) for field in schema)
        ],
        schema=schema,
    )
