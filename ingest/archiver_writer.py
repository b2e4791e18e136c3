"""How does a batch get into bronze exactly once, however the archiver is killed?

The rows and the next offset of each partition are one Delta commit. A killed archiver has either
made it or not, and the next one goes on from the offsets in the table. A commit is refused when
anyone else has committed since the table was loaded (`max_commit_retries=0`): after loading it
again, unchanged offsets mean it was upkeep, and changed ones another archiver.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from shutil import disk_usage

import structlog
from deltalake import CommitProperties, Transaction, write_deltalake
from deltalake.exceptions import DeltaError

from ingest.archiver_batch import rows
from ingest.gathering import Batch
from lake.archive import Place, app_id, next_offsets
from lake.tables import BRONZE
from settings import Settings

log = structlog.get_logger("archiver")


class AnotherArchiver(RuntimeError):
    """The archive went on without us: two archivers write one table. End one of them."""


class LakeFull(OSError):
    """Too little is free on the disk of the lake folder; nothing is lost, free some space."""


class BronzeWriter:
    """The only writer of rows to bronze. `next` is for each place the offset to go on with."""

    def __init__(self, settings: Settings, places: Iterable[Place]) -> None:
        self._settings = settings
        self._table = BRONZE.create(settings)
        self.next = next_offsets(self._table, list(places))
        self._untidy = 0

    def write(self, batch: Batch) -> int:
        """Commits the batch, returns the table's version.

        Raises `LakeFull` or another `OSError` where the disk does not take it, `DeltaError` where
        the commit did not succeed: all may be tried again. Raises `AnotherArchiver` where it must
        not be.
        """
        self._check_space(batch)
        try:
            write_deltalake(
                self._table,
                rows(batch, epoch_ms=self._settings.epoch_ms),
                mode="append",
                commit_properties=CommitProperties(
                    app_transactions=[
                        Transaction(app_id(*place), end) for place, end in batch.ends.items()
                    ],
                    max_commit_retries=0,
                ),
            )
        except (OSError, DeltaError):
            if not self._committed_after_all(batch):
                raise
        self.next |= batch.ends
        self._untidy += 1
        return self._table.version()

    def _check_space(self, batch: Batch) -> None:
        """Asked first, because a disk filled to the last byte takes the servers beside it down."""
        free = disk_usage(self._settings.lake_dir).free
        if free < self._settings.lake_free_bytes + batch.bytes:
            raise LakeFull(
                f"{free >> 20} MiB are free on the disk of {self._settings.lake_dir}, "
                f"{self._settings.lake_free_bytes >> 20} MiB must stay free: free some space or "
                "lower STARLING_LAKE_FREE_BYTES; nothing is lost meanwhile"
            )

    def _committed_after_all(self, batch: Batch) -> bool:
        """A commit may have succeeded though its answer was an error: the table knows."""
        self._table = BRONZE.open(self._settings)
        found = next_offsets(self._table, self.next)
        if found == self.next:
            return False
        if found == self.next | batch.ends:
            return True
        raise AnotherArchiver(f"the archive stands at {found}, we left it at {self.next}")

    def tidy(self) -> None:
        """Compacts today's small files, now and then. A failure leaves them for the next time."""
        if self._untidy < self._settings.archive_compact_commits:
            return
        self._untidy = 0
        today = datetime.now(UTC).date().isoformat()
        try:
            done = self._table.optimize.compact(
                partition_filters=[("day", "=", today)], max_concurrent_tasks=1
            )
        except (OSError, DeltaError) as error:
            self._table = BRONZE.open(self._settings)
            log.warning("compaction_failed", error=str(error))
        else:
            log.info("compacted", removed=done["numFilesRemoved"], added=done["numFilesAdded"])
