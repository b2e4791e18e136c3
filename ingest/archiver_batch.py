"""What does the archiver commit at once, and which rows of bronze is it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pyarrow as pa
import structlog
from confluent_kafka import KafkaError, KafkaException

from ingest.positions import epoch_of
from ingest.producer import REQUEST_ID
from lake.archive import Place
from lake.tables import BRONZE

log = structlog.get_logger("archiver")

PIECE = 2_000  # records asked of the client at once, so that the limit of bytes is kept


class LogGap(RuntimeError):
    """The log goes on behind where the archive ends: retention took records it had not archived."""


@dataclass
class Batch:
    """Records of the log, and for each place the offsets it begins with and ends before."""

    records: list[Any] = field(default_factory=list)
    bytes: int = 0
    begins: dict[Place, int] = field(default_factory=dict)
    ends: dict[Place, int] = field(default_factory=dict)

    def add(self, record: Any) -> None:
        """Adds a `confluent_kafka.Message`. Raises `LogGap` where it does not follow the last."""
        place, offset = (record.topic(), record.partition()), record.offset()
        expected = self.ends.get(place, offset)
        if offset != expected:
            raise LogGap(f"{place[0]}/{place[1]}: expected offset {expected}, the log has {offset}")
        self.begins.setdefault(place, offset)
        self.ends[place] = offset + 1
        self.records.append(record)
        self.bytes += len(record)

    def rows(self, *, epoch_ms: int) -> pa.Table:
        """The rows of bronze."""
        columns: dict[str, list[Any]] = {name: [] for name in BRONZE.schema.names}
        for record in self.records:
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


def gather(
    consume: Callable[[int, float], list[Any]], *, seconds: float, rows: int, bytes: int
) -> Batch:
    """The records that come within `seconds`, or the first `rows` or about `bytes` of them.

    `consume(count, timeout_s)` is the Kafka client's. Raises `KafkaException` on what it cannot
    mend; what it retries by itself it only reports.
    """
    batch = Batch()
    deadline = monotonic() + seconds
    while len(batch.records) < rows and batch.bytes < bytes:
        remaining = deadline - monotonic()
        if remaining <= 0:
            break
        for record in consume(min(PIECE, rows - len(batch.records)), remaining):
            error = record.error()
            if error is None:
                batch.add(record)
            elif error.fatal() or error.code() == KafkaError._AUTO_OFFSET_RESET:
                raise KafkaException(error)
            else:
                log.warning("kafka_reports", error=error.str())
    return batch
