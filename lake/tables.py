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
    ledger/generations       what each generation was made of; ledger/pointers: which one stands
    ledger/drift             what the speed layer said against what the lake says
    ledger/rebuilds          how long each step of a rebuild took
    ledger/quality           what was expected of bronze and silver, and what came of it
    ledger/features_quality  the same of features; ledger/features_served: what was answered online

Silver follows from the events, gold from the registry: a new field or view needs no line here,
only a sentence in `lake/columns.py`. Tables are made once, here; writers only write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, Schema

from ingest.events.columns import log_columns
from ingest.topics import EVENT_TOPICS
from lake.columns import comment
from settings import Settings
from views.contract import FoldView, SnapshotView
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.registry import SNAPSHOTS, fold_views

ARROW = {int: pa.int64(), str: pa.string(), bool: pa.bool_(), float: pa.float64()}

# Old files stay a week, so that any version of the last week can be read.
TIME_TRAVEL = {
    "delta.deletedFileRetentionDuration": "interval 7 days",
    "delta.logRetentionDuration": "interval 30 days",
}
# Bronze only grows and a row says when it came: travel is a filter on append_ms. It gets a commit
# a second, so its log is kept short.
SHORT_LOG = {
    "delta.appendOnly": "false",  # upkeep compacts it
    "delta.checkpointInterval": "100",
    "delta.deletedFileRetentionDuration": "interval 1 days",
    "delta.logRetentionDuration": "interval 1 days",
}


@dataclass(frozen=True)
class Table:
    """A Delta table: its place under the lake folder and its schema, with comments."""

    name: str
    doc: str
    schema: pa.Schema
    partition_by: tuple[str, ...] = ()
    configuration: dict[str, str] = field(default_factory=lambda: dict(TIME_TRAVEL))
    key: tuple[str, ...] = ()  # columns that no two rows share; none: rows do not change

    def path(self, settings: Settings) -> Path:
        return settings.lake_dir / self.name

    def open(self, settings: Settings, *, version: int | None = None) -> DeltaTable:
        """The table as it stands, or at a version. Raises `TableNotFoundError` before `create`."""
        return DeltaTable(str(self.path(settings)), version=version)

    @property
    def columns(self) -> pa.Schema:
        """The schema without its comments, for rows: Delta refuses rows whose comments differ."""
        return pa.schema([field.remove_metadata() for field in self.schema])

    def create(self, settings: Settings) -> DeltaTable:
        """The table, made empty where it is missing, with the columns that came since it was made.

        Safe to call from several processes.
        """
        path = self.path(settings)
        path.mkdir(parents=True, exist_ok=True)
        table = DeltaTable.create(
            str(path),
            self.schema,
            mode="ignore",
            partition_by=list(self.partition_by) or None,
            name=self.name.replace("/", "_"),
            description=self.doc,
            configuration=dict(self.configuration),
        )
        standing = {field.name: field for field in table.schema().fields}
        if missing := [f for f in Schema.from_arrow(self.schema).fields if f.name not in standing]:
            table.alter.add_columns(missing)
        for name, column in standing.items():
            if name in self.schema.names and column.metadata.get("comment") != comment(name):
                table.alter.set_column_metadata(name, {"comment": comment(name)})
        return table


def _schema(**types: pa.DataType) -> pa.Schema:
    return pa.schema(
        [pa.field(name, type, metadata={"comment": comment(name)}) for name, type in types.items()]
    )


BRONZE = Table(
    "bronze/events",
    "Every record of the log as it was, once by (topic, partition, offset).",
    _schema(
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
        _schema(**columns, **PLACE),
        ("day",),
    )


REJECTED = Table(
    "silver/rejected",
    "Records that are no event, with the reason.",
    _schema(topic=pa.string(), reason=pa.string(), value=pa.binary(), **PLACE),
    ("day",),
)


def gold(view: FoldView) -> Table:
    """One row a key: its totals, and the `through` of the run in which they came to be."""
    measures = dict.fromkeys(view.measures, pa.int64())
    return Table(
        f"gold/{view.name}",
        view.doc or "",
        _schema(key=pa.int64(), **measures, through=pa.int64()),
        key=("key",),
    )


def gold_by_epoch(view: FoldView) -> Table:
    return Table(
        f"gold/{view.name}_by_epoch",
        f"What each epoch added. {view.doc or ''}",
        _schema(
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
        _schema(**columns, generation=pa.int64()),
        ("generation",),
        key=(*view.key, "generation"),
    )


def activity(table: FeatureTable) -> Table:
    """What each epoch added to what features are made of."""
    ids = dict.fromkeys(table.entity, pa.int64())
    return Table(
        f"gold/{table.view.name}_by_epoch",
        f"What each epoch added. {table.view.doc}",
        _schema(**ids, measure=pa.string(), epoch=pa.int64(), total=pa.int64(), day=pa.date32()),
        ("day",),
    )


def features(table: FeatureTable) -> Table:
    """A row for each change: the values that stand from `through` on."""
    columns = dict.fromkeys((*table.entity, "through", "available_at_ms", *table.names), pa.int64())
    return Table(
        f"gold/features_{table.name}",
        f"Features of {table.name}, each value from when on it could be known: docs/features.md.",
        _schema(**columns, day=pa.date32()),
        ("day",),
    )


TAG_BASELINES = Table(
    "gold/tag_baselines",
    "How many people used a tag in an hour of the week, in the four weeks before it was made.",
    _schema(
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
    _schema(
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
GENERATIONS = Table(
    "ledger/generations",
    "What each generation of a SnapshotView was made of.",
    _schema(
        view=pa.string(),
        generation=pa.int64(),
        through=pa.int64(),
        end_offsets=pa.string(),
        lake_versions=pa.string(),
        parameters=pa.string(),
        code_hash=pa.string(),
        rows=pa.int64(),
        checksum=pa.string(),
        made_at_ms=pa.int64(),
    ),
)

POINTERS = Table(
    "ledger/pointers",
    "Which generation of a view stands, one row a view that has any.",
    _schema(view=pa.string(), generation=pa.int64(), previous=pa.int64(), flipped_at_ms=pa.int64()),
    key=("view",),
)

DRIFT = Table(
    "ledger/drift",
    "What the speed layer said of a closed epoch against what the lake says.",
    _schema(
        view=pa.string(),
        measure=pa.string(),
        epoch=pa.int64(),
        through=pa.int64(),
        keys=pa.int64(),
        differing=pa.int64(),
        lake_total=pa.int64(),
        speed_total=pa.int64(),
        absolute_difference=pa.int64(),
        example_key=pa.int64(),
        measured_at_ms=pa.int64(),
    ),
)

REBUILDS = Table(
    "ledger/rebuilds",
    "How long each step of a rebuild took; plans estimate by it.",
    _schema(step=pa.string(), rows=pa.int64(), seconds=pa.float64(), measured_at_ms=pa.int64()),
)


def _outcomes() -> pa.Schema:
    return _schema(
        table=pa.string(),
        expectation=pa.string(),
        why=pa.string(),
        severity=pa.string(),
        passed=pa.bool_(),
        rows=pa.int64(),
        unexpected=pa.int64(),
        examples=pa.string(),
        through=pa.int64(),
        measured_at_ms=pa.int64(),
    )


QUALITY = Table("ledger/quality", "The outcome of each expectation in each audit.", _outcomes())

FEATURES_QUALITY = Table(
    "ledger/features_quality", "The outcome of each expectation of features.", _outcomes()
)

FEATURES_SERVED = Table(
    "ledger/features_served",
    "Features as they were answered online, a sample.",
    _schema(
        feature_table=pa.string(),
        entity_id=pa.int64(),
        second_id=pa.int64(),
        asked_at_ms=pa.int64(),
        through=pa.int64(),
        pointer=pa.int64(),
        served_values=pa.string(),
        day=pa.date32(),
    ),
    ("day",),
)


ALARMS = Table(
    "ledger/alarms",
    "A task of a batch run that failed for good, or a run that was not done in time.",
    _schema(
        at_ms=pa.int64(),
        dag=pa.string(),
        run_id=pa.string(),
        task=pa.string(),
        alarm=pa.string(),
        reason=pa.string(),
    ),
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
        GENERATIONS,
        POINTERS,
        DRIFT,
        REBUILDS,
        QUALITY,
        ALARMS,
        FEATURES_QUALITY,
        FEATURES_SERVED,
    )


def create(settings: Settings) -> None:
    """Makes the tables that are missing."""
    for table in tables():
        table.create(settings)
