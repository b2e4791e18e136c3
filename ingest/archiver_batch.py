"""Which rows of bronze is a batch of records?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ingest.gathering import Batch
from ingest.positions import epoch_of
from ingest.producer import REQUEST_ID
from lake.tables import BRONZE


def rows(batch: Batch, *, epoch_ms: int) -> pa.Table:
    """The rows of bronze."""
    columns: dict[str, list[Any]] = {name: [] for name in BRONZE.schema.names}
    for record in batch.records:
        _, append_ms = record.timestamp()
        headers = dict(record.headers() or ())
        request_id = headers.get(REQUEST_ID)
        columns["topic"].append(record.topic())
        columns["partition"].append(record.partition())
        columns["offset"].append(record.offset())
        columns["append_ms"].append(append_ms)
        columns["epoch"].append(epoch_of(append_ms, epoch_ms))
        columns["key"].append(record.key())
        columns["value"].append(record.value())
        columns["request_id"].append(request_id and request_id.decode(errors="replace"))
        columns["day"].append(datetime.fromtimestamp(append_ms / 1000, UTC).date())
    return pa.table(columns, schema=BRONZE.columns)
