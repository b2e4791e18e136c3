"""What does the batch layer tell of itself?

ledger/generations       what each generation was made of; ledger/pointers: which one stands
ledger/drift             what the speed layer said against what the lake says
ledger/rebuilds          how long each step of a rebuild took
ledger/quality           what was expected of bronze and silver, and what came of it
ledger/features_quality  the same of features; ledger/features_served: what was answered online
ledger/alarms            what failed for good, or was not done in time
"""

from __future__ import annotations

import pyarrow as pa

from lake.table import Table, schema_of

GENERATIONS = Table(
    "ledger/generations",
    "What each generation of a SnapshotView was made of.",
    schema_of(
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
    schema_of(
        view=pa.string(), generation=pa.int64(), previous=pa.int64(), flipped_at_ms=pa.int64()
    ),
    key=("view",),
)

DRIFT = Table(
    "ledger/drift",
    "What the speed layer said of a closed epoch against what the lake says.",
    schema_of(
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
    schema_of(step=pa.string(), rows=pa.int64(), seconds=pa.float64(), measured_at_ms=pa.int64()),
)


def _outcomes() -> pa.Schema:
    return schema_of(
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
    schema_of(
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
    schema_of(
        at_ms=pa.int64(),
        dag=pa.string(),
        run_id=pa.string(),
        task=pa.string(),
        alarm=pa.string(),
        reason=pa.string(),
    ),
)

LEDGERS = (
    GENERATIONS,
    POINTERS,
    DRIFT,
    REBUILDS,
    QUALITY,
    FEATURES_QUALITY,
    FEATURES_SERVED,
    ALARMS,
)
