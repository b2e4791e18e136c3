"""How do raw records of the log enter a job, each with its place?"""

from __future__ import annotations

from collections.abc import Sequence

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, OutputTag, ProcessFunction
from pyflink.table import StreamTableEnvironment

from ingest.codec import Undecodable, decode
from settings import Settings

DEAD = OutputTag(
    "dead-letters",
    Types.ROW_NAMED(
        ["source", "reason", "value"],
        [Types.STRING(), Types.STRING(), Types.PRIMITIVE_ARRAY(Types.BYTE())],
    ),
)


def records(
    tables: StreamTableEnvironment,
    settings: Settings,
    job: str,
    topics: Sequence[str],
    *,
    start_ms: int | None = None,
) -> DataStream:
    """Rows `(value, topic, partition, offset)`; the value may be null.

    All records of the topics, from the earliest on or from those appended at `start_ms`, where no
    checkpoint says otherwise.

    Flink's own Kafka source hides the offset from Python; the table connector does not.
    """
    start = "'earliest-offset'"
    if start_ms is not None:
        start = f"'timestamp', 'scan.startup.timestamp-millis' = '{start_ms}'"
    name = "records" if start_ms is None else "late_records"
    tables.execute_sql(
        f"""CREATE TEMPORARY TABLE {name} (
            `value` BYTES,
            `topic` STRING METADATA VIRTUAL,
            `partition` INT METADATA VIRTUAL,
            `offset` BIGINT METADATA VIRTUAL
        ) WITH (
            'connector' = 'kafka',
            'topic' = '{";".join(topics)}',
            'properties.bootstrap.servers' = '{settings.kafka}',
            'properties.group.id' = 'starling-{job}',
            'scan.startup.mode' = {start},
            'format' = 'raw'
        )"""
    )
    return tables.to_data_stream(tables.from_path(name))


class Understand(ProcessFunction):
    """Passes on what `rows_of(event, record)` makes of each record.

    `event` is None where a record cannot be understood. Where `report` is set, such a record goes
    to `DEAD` with the reason; one job reports, so that it goes there once.
    """

    def __init__(self, rows_of, *, report: bool) -> None:
        self.rows_of, self.report = rows_of, report

    def open(self, context) -> None:
        self.dead_letters = context.get_metrics_group().counter("dead_letters")

    def process_element(self, record, _context):
        value, topic, partition, offset = record
        try:
            event = decode(value, topic=topic)
        except Undecodable as error:
            event = None
            if self.report:
                self.dead_letters.inc()
                yield DEAD, Row(f"{topic}/{partition}/{offset}", error.reason, value)
        yield from self.rows_of(event, record)
