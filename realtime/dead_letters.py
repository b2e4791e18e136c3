"""How do records that cannot be understood reach the dead-letter topic?"""

from __future__ import annotations

from pyflink.datastream import DataStream
from pyflink.table import StatementSet, StreamTableEnvironment

from ingest.dead_letters import REASON, SOURCE
from ingest.topics import DEAD_LETTERS
from settings import Settings


def bury(tables: StreamTableEnvironment, settings: Settings, dead: DataStream) -> StatementSet:
    """Writes the `DEAD` output of a job: the value as it was, reason and source as headers.

    At least once: after a restart a record may be there again, under the same source.
    """
    tables.create_temporary_view("dead", tables.from_data_stream(dead))
    tables.execute_sql(
        f"""CREATE TEMPORARY TABLE dead_letters (
            `value` BYTES,
            `headers` MAP<STRING, BYTES> METADATA
        ) WITH (
            'connector' = 'kafka',
            'topic' = '{DEAD_LETTERS}',
            'properties.bootstrap.servers' = '{settings.kafka}',
            'format' = 'raw'
        )"""
    )
    # This part keeps no state, and its operators' names would be those of the part before.
    tables.get_config().set("table.exec.uid.generation", "DISABLED")
    statements = tables.create_statement_set()
    statements.add_insert_sql(
        "INSERT INTO dead_letters SELECT `value`, "
        f"MAP['{REASON}', ENCODE(reason, 'UTF-8'), '{SOURCE}', ENCODE(source, 'UTF-8')] FROM dead"
    )
    return statements
