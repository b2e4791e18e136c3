"""Through which epoch is a table complete, and in which version?

A batch run writes its `through` into the Delta commit itself, as user metadata, so the two cannot
disagree. Upkeep commits on top of it say nothing and are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import TableNotFoundError

from lake.table import Table
from settings import Settings

DEPTH = 200  # commits looked through; a run makes one, upkeep a few a day


class Run(NamedTuple):
    """A batch run as its commit tells it."""

    through: int
    version: int
    facts: dict[str, Any]


def metadata(through: int, **facts: Any) -> str:
    """The user metadata of a run's commit."""
    return json.dumps({"through": through, **facts})


def runs(table: DeltaTable) -> Iterator[Run]:
    """The runs of the table, the last first."""
    for commit in table.history(DEPTH):
        said = commit.get("userMetadata")
        if said:
            facts = json.loads(said)
            if "through" in facts:
                yield Run(facts.pop("through"), commit["version"], facts)


def replace(
    table: Table, settings: Settings, batches: Iterable[pa.RecordBatch], where: str
) -> None:
    """Puts `batches` in the place of the rows that `where` says, in one commit."""
    write_deltalake(
        table.open(settings),
        pa.RecordBatchReader.from_batches(table.columns, batches),
        mode="overwrite",
        predicate=where,
    )


def mark(table: Table, settings: Settings, said: str) -> None:
    """A commit that changes no row and only says `said`, for a run that had nothing to write."""
    delta = table.open(settings)
    delta.create_write_transaction(
        [],
        mode="append",
        schema=delta.schema(),
        commit_properties=CommitProperties(custom_metadata={"userMetadata": said}),
    )


def last_run(table: Table, settings: Settings) -> Run | None:
    """The last run that wrote the table; None where there was none."""
    try:
        return next(runs(table.open(settings)), None)
    except TableNotFoundError:
        return None
