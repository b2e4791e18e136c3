"""Which records of the log are handled at once? Those of a short while, up to a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from confluent_kafka import KafkaError, KafkaException

from ingest.ends import Place

log = structlog.get_logger()

PIECE = 2_000  # records asked of the client at once, so that the limit of bytes is kept


class LogGap(RuntimeError):
    """Offsets are missing: retention took records before they were read."""


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
