"""Are the tables of the lake kept in shape?

    python -m batch.upkeep

Joins small files and removes those that no retained version needs, table by table; see
`lake/upkeep.py`. It may run beside the archiver and beside batch.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from typing import Any

from deltalake.exceptions import CommitFailedError

from batch import command
from lake import tables
from lake.upkeep import upkeep
from settings import Settings

ATTEMPTS = 5  # the archiver commits once a second, so a collision is likely, five are not
SCRATCH_DAYS = 1


def sweep_scratch(settings: Settings) -> int:
    """Removes what killed Spark sessions left; returns how many folders."""
    before = time.time() - SCRATCH_DAYS * 86_400
    left = [p for p in (settings.state_dir / "spark").glob("*/") if p.stat().st_mtime < before]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)  # a session may end and remove it meanwhile
    return len(left)


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    done = {}
    for table in tables.tables():
        for attempt in range(1, ATTEMPTS + 1):
            try:
                done[table.name] = upkeep(table, settings)._asdict()
                break
            except CommitFailedError:
                if attempt == ATTEMPTS:
                    raise
    return {"tables": done, "scratch": sweep_scratch(settings)}


def main() -> int:
    return command.run(work, command.parser("batch.upkeep", __doc__, through=False, view=False))


if __name__ == "__main__":
    sys.exit(main())
