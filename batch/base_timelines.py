"""What does a reader get whose home timeline Redis has lost, or never had?

    python -m batch.base_timelines

Recomputes every home timeline from the lake, by the same function as everywhere
(`views/home_timeline.py`), and writes it packed to Cassandra's `home_base`, newest first. A page
can be answered from there at once, marked as of `at_ms`, and a timeline that is built anew begins
with it. Redis is not touched.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from batch import command, silver, states
from batch.restore import Rows, chunks, written
from batch.session import session
from batch.stores import cassandra
from lake import tables
from settings import Settings
from views import timelines
from views.home_timeline import HOME_TIMELINE
from views.tables import KEYSPACE

PUT = (
    f"INSERT INTO {KEYSPACE}.home_base (reader_id, ids, through, at_ms) VALUES (?, ?, ?, ?) "
    "USING TIMESTAMP ?"
)
"""Bound to the reader, packed ids, through, and twice the run's time, the second in microseconds: a
run that was slow does not overwrite a later one."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def writer(settings: Settings, through: int, at_ms: int) -> Callable[[Rows], None]:
    """For `foreachPartition` over `reader, ids`. `at_ms` is when the end of the log was looked up
    that silver has been brought to."""

    def write(rows: Rows) -> None:
        with cassandra(settings) as store:
            for chunk in chunks(rows):
                store.all(
                    (PUT, (row.reader, timelines.pack(row.ids), through, at_ms, at_ms * 1_000))
                    for row in chunk
                )

    return write


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    at_ms = now_ms()
    through = silver.catch_up(settings, HOME_TIMELINE.topics)
    with session(settings, "base-timelines") as spark:
        found = states.base_timelines(spark, settings)
        done = written(found, writer(settings, through, at_ms))
    return {"through": through, "at_ms": at_ms} | done


def main() -> int:
    arguments = command.parser("batch.base_timelines", __doc__, through=False, view=False)
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
