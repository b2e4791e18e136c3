"""How does a test run an archiver of its own, on the shared log, into a lake of its own?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.archiver import places
from ingest.ends import log_ends
from lake.archive import archived_offsets
from lake.tables import BRONZE
from settings import Settings
from tests.engines.waiting import until

COMMAND = [sys.executable, "-W", "ignore", "-m", "ingest.archiver"]


def lake_of_its_own(shared: Settings, folder: Path) -> Settings:
    return shared.model_copy(update={"state_dir": folder})


def environment(settings: Settings, **more: str) -> dict[str, str]:
    return os.environ | {"STARLING_STATE_DIR": str(settings.state_dir)} | more


def start(settings: Settings, log: Path, **more: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            COMMAND, env=environment(settings, **more), stdout=out, stderr=subprocess.STDOUT
        )


@contextmanager
def archiver(settings: Settings, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """An archiver that is ended by SIGTERM, unless it has ended before."""
    process = start(settings, log, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def all_archived(settings: Settings) -> bool:
    ends = log_ends(settings)
    archived = archived_offsets(settings, ends)
    return all(archived[place] >= end for place, end in ends.items())


def wait_until_archived(settings: Settings, seconds: float = 120) -> None:
    until(lambda: all_archived(settings), seconds)


def offsets(settings: Settings) -> dict[tuple[str, int], list[int]]:
    """For each partition the offsets that bronze holds, repeats included, in order."""
    names = ["topic", "partition", "offset"]
    rows = BRONZE.open(settings).to_pyarrow_dataset().to_table(columns=names)
    found: dict[tuple[str, int], list[int]] = {place: [] for place in places(settings)}
    for topic, partition, offset in zip(*(rows.column(n).to_pylist() for n in names), strict=True):
        found[topic, partition].append(offset)
    return {place: sorted(numbers) for place, numbers in found.items()}
