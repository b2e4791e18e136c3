"""How does a table stay quick to read and within its disk?

Small files are joined. Files that no version within the table's retention needs are removed, so
time travel works as far back as `delta.deletedFileRetentionDuration` says. What a killed writer
left, which no version knows, goes as well once it is that old.
"""

from __future__ import annotations

from typing import NamedTuple

from lake.table import Table
from settings import Settings


class Kept(NamedTuple):
    """What upkeep did to a table."""

    joined: int  # small files that were joined
    into: int  # the files they are in now
    removed: int  # files that nobody needs any more


def upkeep(table: Table, settings: Settings) -> Kept:
    """Joins and removes. Raises `CommitFailedError` where a writer was faster: try again."""
    delta = table.open(settings)
    done = delta.optimize.compact(max_concurrent_tasks=1)
    delta.create_checkpoint()
    delta.cleanup_metadata()
    removed = delta.vacuum(dry_run=False, full=True)
    return Kept(done["numFilesRemoved"], done["numFilesAdded"], len(removed))
