"""How does Flink SQL see the log, and the relations that views count?

<topic>_records   a Kafka topic, JSON read into columns
<topic>_log       its well-formed records, with `epoch` and `pos`
likes, follows .. the relations of views.relations, word for word
tag_cells ...     what Python makes of a relation (views.contributions)
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from pyflink.table import DataTypes, StreamTableEnvironment
from pyflink.table.udf import udtf

from ingest.codec import VERSION
from ingest.events import EVENTS, Event
from ingest.events.columns import log_columns
from settings import Settings
from views.contributions import Contributions
from views.relations import Relation

SQL_TYPES = {int: "BIGINT", str: "STRING", bool: "BOOLEAN"}


def declare_log(
    tables: StreamTableEnvironment, settings: Settings, topic: str, *, start_ms: int
) -> None:
    """Declares `<topic>_records` and `<topic>_log`. A fresh job reads from `start_ms` on.

    The epoch is the broker's append time in whole epochs. `pos` is the time of processing, which
    orders the records of a partition as their offsets do; the offset stands beside it.
    """
    columns = log_columns(topic)
    declared = ", ".join(f"`{name}` {SQL_TYPES[type]}" for name, type in columns.items())
    tables.execute_sql(
        f"""CREATE TEMPORARY TABLE {topic}_records (
            {declared},
            `append_time` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
            `partition` INT METADATA VIRTUAL,
            `offset` BIGINT METADATA VIRTUAL,
            `pos` AS PROCTIME()
        ) WITH (
            'connector' = 'kafka',
            'topic' = '{topic}',
            'properties.bootstrap.servers' = '{settings.kafka}',
            'properties.group.id' = 'starling-folds',
            'scan.startup.mode' = 'timestamp',
            'scan.startup.timestamp-millis' = '{start_ms}',
            'format' = 'json',
            'json.ignore-parse-errors' = 'true'
        )"""
    )
    names = ", ".join(f"`{name}`" for name in columns)
    tables.execute_sql(
        f"""CREATE TEMPORARY VIEW {topic}_log AS
        SELECT {names}, EXTRACT(EPOCH FROM append_time) / {settings.epoch_seconds} AS epoch, pos
        FROM {topic}_records WHERE {well_formed(topic)}"""
    )


def declare_relations(tables: StreamTableEnvironment, relations: Iterable[Relation]) -> None:
    for relation in dict.fromkeys(relations):
        tables.execute_sql(f"CREATE TEMPORARY VIEW {relation.name} AS {relation.sql}")


def declare_contributions(tables: StreamTableEnvironment, made: Iterable[Contributions]) -> None:
    for each in dict.fromkeys(made):
        function = udtf(each.of, result_types=DataTypes.BIGINT())
        tables.create_temporary_function(each.function, function)
        tables.execute_sql(
            f"CREATE TEMPORARY VIEW {each.name} AS "
            f"SELECT made.key, measure, epoch, delta FROM ({each.sql}) AS came, "
            f"LATERAL TABLE({each.function}(came.key)) AS made(key)"
        )


def well_formed(topic: str) -> str:
    """The condition under which a record is an event of the topic, as the codec would have it.

    A record that is no event must not count; the `state` job reports it.
    """
    kinds = (
        " AND ".join(
            [f"kind = '{event.__name__}'", *(f"`{name}` IS NOT NULL" for name in _required(event))]
        )
        for event in EVENTS
        if event.topic == topic
    )
    alternatives = " OR ".join(f"({kind})" for kind in kinds)
    return f"COALESCE(v, 1) <= {VERSION} AND ({alternatives})"


def _required(event: type[Event]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(event) if field.required]
