"""Which tables does the lake have, and what are their columns?

    bronze/events            every record of the log as it was, once
    silver/<topic>           its events, typed, once; silver/rejected: records that are no event
    gold/<view>              totals of a FoldView through an epoch
    gold/<view>_by_epoch     what each epoch added, for the drift ledger and time series
    gold/<view>              of a SnapshotView: its rows by generation
    gold/<activity>_by_epoch what each epoch added to what features are made of
    gold/features_<entity>   the values of features, from when on they stood
    gold/tag_baselines       what is usual of a tag, by generation
    gold/who_to_follow       whom to follow, and why, by generation
    ledger/...               what the batch layer tells of itself: lake/ledgers.py

Silver follows from the events, gold from the registry: a new field or view needs no line here,
only a sentence in `lake/columns.py`. Tables are made once, here; writers only write.
"""

from __future__ import annotations

import pyarrow as pa

from ingest.events.columns import log_columns
from ingest.topics import EVENT_TOPICS
from lake.ledgers import LEDGERS
from lake.table import Table, schema_of
from settings import Settings
from views.contract import FoldView, SnapshotView
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.registry import SNAPSHOTS, fold_views

ARROW = {int: pa.int64(), str: pa.string(), bool: pa.bool_(), float: pa.float64()}

# Bronze only grows and a row says when it came: travel is a filter on append_ms. It gets a commit
# a second, so its log is kept short.
SHORT_LOG = {
    "delta.appendOnly": "false",  # upkeep compacts it
    "delta.checkpointInterval": "100",
    "delta.deletedFileRetentionDuration": "interval 1 days",
    "delta.logRetentionDuration": "interval 1 days",
}

BRONZE = Table(
    "bronze/events",
    "Every record of the log as it was, once by (topic, partition, offset).",
    schema_of(
        topic=pa.string(),
        partition=pa.int32(),
        offset=pa.int64(),
        append_ms=pa.int64(),
        epoch=pa.int64(),
        key=pa.binary(),
        value=pa.binary(),
        request_id=pa.string(),
        day=pa.date32(),
    ),
    ("day", "topic"),
    SHORT_LOG,
)

PLACE = {
    "partition": pa.int32(),
    "pos": pa.int64(),
    "append_ms": pa.int64(),
    "epoch": pa.int64(),
    "request_id": pa.string(),
    "day": pa.date32(),
}


def silver(topic: str) -> Table:
    """The events of a topic: the columns of all its events, then where the record stood."""
    columns = {name: ARROW[type] for name, type in log_columns(topic).items()}
    return Table(
        f"silver/{topic}",
        f"Events of the topic {topic}, typed, once by (partition, pos).",
        schema_of(**columns, **PLACE),
        ("day",),
    )


REJECTED = Table(
    "silver/rejected",
    "Records that are no event, with the reason.",
    schema_of(topic=pa.string(), reason=pa.string(), value=pa.binary(), **PLACE),
    ("day",),
)


def gold(view: FoldView) -> Table:
    """One row a key: its totals, and the `through` of the run in which they came to be."""
    measures = dict.fromkeys(view.measures, pa.int64())
    return Table(
        f"gold/{view.name}",
        view.doc or "",
        schema_of(key=pa.int64(), **measures, through=pa.int64()),
        key=("key",),
    )


def gold_by_epoch(view: FoldView) -> Table:
    return Table(
        f"gold/{view.name}_by_epoch",
        f"What each epoch added. {view.doc or ''}",
        schema_of(
            key=pa.int64(), measure=pa.string(), epoch=pa.int64(), total=pa.int64(), day=pa.date32()
        ),
        ("day",),
        key=("key", "measure", "epoch"),
    )


def snapshot(view: SnapshotView) -> Table:
    """The rows of the generation that stands, and of the one before it."""
    columns = dict.fromkeys(view.key, pa.int64()) | {n: ARROW[t] for n, t in view.columns.items()}
    return Table(
        f"gold/{view.name}",
        view.doc.strip().splitlines()[0],
        schema_of(**columns, generation=pa.int64()),
        ("generation",),
        key=(*view.key, "generation"),
    )


def activity(table: FeatureTable) -> Table:
    """What each epoch added to what features are made of."""
    ids = dict.fromkeys(table.entity, pa.int64())
    return Table(
        f"gold/{table.view.name}_by_epoch",
        f"What each epoch added. {table.view.doc}",
        schema_of(**ids, measure=pa.string(), epoch=pa.int64(), total=pa.int64(), day=pa.date32()),
        ("day",),
    )


def features(table: FeatureTable) -> Table:
    """A row for each change: the values that stand from `through` on."""
    columns = dict.fromkeys((*table.entity, "through", "available_at_ms", *table.names), pa.int64())
    return Table(
        f"gold/features_{table.name}",
        f"Features of {table.name}, each value from when on it could be known: docs/features.md.",
        schema_of(**columns, day=pa.date32()),
        ("day",),
    )


TAG_BASELINES = Table(
    "gold/tag_baselines",
    "How many people used a tag in an hour of the week, in the four weeks before it was made.",
    schema_of(
        place=pa.int64(),
        tag=pa.string(),
        hour_of_week=pa.int64(),
        people=pa.int64(),
        four_hours=pa.int64(),
        days=pa.int64(),
        since_minute=pa.int64(),
        until_minute=pa.int64(),
        generation=pa.int64(),
    ),
    ("generation",),
)
WHO_TO_FOLLOW = Table(
    "gold/who_to_follow",
    "Whom somebody may want to follow, best first, and why.",
    schema_of(
        user_id=pa.int64(),
        rank=pa.int64(),
        candidate_id=pa.int64(),
        score=pa.float64(),
        reason=pa.string(),
        followed_by=pa.string(),
        tags=pa.string(),
        generation=pa.int64(),
    ),
    ("generation",),
    key=("user_id", "rank", "generation"),
)


class UnknownTable(LookupError):
    """There is no such table; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no table {name!r}; there are {', '.join(map(dotted, tables()))}")


def dotted(table: Table) -> str:
    """Its name in SQL: `silver.likes`."""
    return table.name.replace("/", ".")


def named(name: str) -> Table:
    """The table of that name, `silver.likes` or `silver/likes`. Raises `UnknownTable`."""
    for table in tables():
        if name in (table.name, dotted(table)):
            return table
    raise UnknownTable(name)


def silver_tables() -> tuple[Table, ...]:
    """The tables of typed events, one a topic."""
    return tuple(silver(topic) for topic in EVENT_TOPICS)


def tables() -> tuple[Table, ...]:
    """Every table of the lake."""
    return (
        BRONZE,
        *silver_tables(),
        REJECTED,
        *(make(view) for view in fold_views() for make in (gold, gold_by_epoch)),
        *(make(table) for table in FEATURE_TABLES for make in (activity, features)),
        *(snapshot(view) for view in SNAPSHOTS),
        TAG_BASELINES,
        WHO_TO_FOLLOW,
        *LEDGERS,
    )


def create(settings: Settings) -> None:
    """Makes the tables that are missing."""
    for table in tables():
        table.create(settings)
