"""How far has the log been archived?

The archiver keeps the next offset of each partition as a Delta transaction in the same commit as
the rows, so that rows and offsets can never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable

from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from lake.tables import BRONZE
from settings import Settings

Place = tuple[str, int]
"""A topic and a partition."""


def app_id(topic: str, partition: int) -> str:
    """The name of the Delta transaction that holds a partition's next offset."""
    return f"archiver/{topic}/{partition}"


def next_offsets(table: DeltaTable, places: Iterable[Place]) -> dict[Place, int]:
    """For each place the first offset that `table` does not hold; 0 where it holds none."""
    return {place: table.transaction_version(app_id(*place)) or 0 for place in places}


def archived_offsets(settings: Settings, places: Iterable[Place]) -> dict[Place, int]:
    """The archive's watermark: each record of `place` below its offset is in bronze."""
    try:
        table = BRONZE.open(settings)
    except TableNotFoundError:
        return dict.fromkeys(places, 0)
    return next_offsets(table, places)
