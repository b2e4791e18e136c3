"""How are records of the lake appended so that each stands where it stood?

Offsets count up from 0, so what comes before the first record, and what the archive never had, is
filled with records of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing

import duckdb
from confluent_kafka import KafkaError, Message, Producer

from ingest.ends import Place
from ingest.lost import Due
from ingest.producer import REQUEST_ID, LogUnavailable
from lake import tables
from settings import Settings

AT_ONCE = 10_000  # rows of bronze in memory
FLUSH_SECONDS = 120

Row = tuple[int, int, bytes | None, bytes | None, str | None]
"""Offset, append time in ms, key, value, id of the request."""

ROWS = """
SELECT DISTINCT ON ("offset") "offset", append_ms, key, value, request_id FROM bronze
WHERE topic = $topic AND "partition" = $partition AND "offset" >= $first AND "offset" < $end
ORDER BY "offset"
"""


def append(settings: Settings, wanted: Mapping[Place, Due]) -> int:
    """Appends the records of bronze; returns how many."""
    failed: list[str] = []

    def reported(error: KafkaError | None, record: Message) -> None:
        if error is not None:
            failed.append(error.str())

    producer = Producer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": "starling-restorer",
            "acks": "1",  # the topic refuses who asks for more
            "max.in.flight": 1,  # a retry keeps the order
            "linger.ms": 20,
            "batch.size": 200_000,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 50_000,
            "delivery.report.only.error": True,
            "on_delivery": reported,
        }
    )
    count = 0
    for place, of in wanted.items():
        next, append_ms = 0, 1
        for row in rows(settings, place, of):
            # Nothing stands where the archive has nothing, so that what follows keeps its place.
            for offset in range(next, row[0]):
                _produce(producer, place, (offset, row[1], None, None, None))
            _produce(producer, place, row)
            next, append_ms, count = row[0] + 1, row[1], count + 1
        for offset in range(next, of.end):
            _produce(producer, place, (offset, append_ms, None, None, None))
    left = producer.flush(FLUSH_SECONDS)
    if failed or left:
        raise LogUnavailable(f"the log did not take {left or len(failed)} records: {failed[:1]}")
    return count


def _produce(producer: Producer, place: Place, row: Row) -> None:
    offset, append_ms, key, value, request_id = row
    headers: dict[str, str | bytes | None] = {} if request_id is None else {REQUEST_ID: request_id}
    while True:
        try:
            producer.produce(place[0], value, key, place[1], timestamp=append_ms, headers=headers)
            break
        except BufferError:
            producer.poll(0.05)
    if offset % 1_000 == 0:
        producer.poll(0)


def rows(settings: Settings, place: Place, of: Due) -> Iterator[Row]:
    """The records of bronze that the place should hold, in order, each once."""
    with closing(duckdb.connect()) as database:
        database.register("bronze", tables.BRONZE.open(settings).to_pyarrow_dataset())
        found = database.execute(
            ROWS, {"topic": place[0], "partition": place[1], "first": of.first, "end": of.end}
        )
        while some := found.fetchmany(AT_ONCE):
            yield from some
