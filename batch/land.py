"""Up to which epoch is the log closed and archived?

    python -m batch.land [--through E] [--timeout SECONDS]

Takes the newest epoch that the broker's clock has left behind, asks the log where in each
partition it begins, and waits until the archive is there. Writes nothing. Its result is the
`through` of all that follows.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from batch import command
from batch.command import BatchFailed
from ingest.topics import topics
from lake.archive import Place, archived_offsets
from settings import Settings

MARGIN_MS = 2_000  # by which the broker's clock may differ from ours
TURN_SECONDS = 0.2


def closed_epoch(now_ms: int, epoch_ms: int) -> int:
    """All epochs before the one returned are over.

    >>> closed_epoch(601_000, 300_000), closed_epoch(603_000, 300_000)
    (1, 2)
    """
    return (now_ms - MARGIN_MS) // epoch_ms


def ends_of(settings: Settings, through: int | None) -> dict[Place, int]:
    """For each partition the first offset that does not belong to an epoch before `through`, or
    without one the end of the log.

    0 where retention has taken all before it: nothing is left to wait for.
    """
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka, client_id="starling-land")
    try:
        partitions = [
            TopicPartition(topic.name, number)
            for topic in topics(settings)
            for number in range(topic.partitions)
        ]
        times = (
            dict.fromkeys(partitions, through * settings.epoch_ms) if through is not None else {}
        )
        begins = consumer.offsets_for_times(times) if times else {}
        lows, highs = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        ends = {p: begins[p].offset if begins.get(p) else highs[p] for p in partitions}
        return {(p.topic, p.partition): end if end > lows[p] else 0 for p, end in ends.items()}
    finally:
        consumer.close()


def wait_archived(settings: Settings, ends: dict[Place, int], timeout_s: float) -> float:
    """Waits until each place is archived up to its end; returns the seconds it took.

    Raises `BatchFailed`, naming how much is missing, after `timeout_s`.
    """
    began = time.monotonic()
    while True:
        archived = archived_offsets(settings, ends)
        missing = {place: end - archived[place] for place, end in ends.items()}
        behind = {f"{t}/{p}": n for (t, p), n in missing.items() if n > 0}
        waited = time.monotonic() - began
        if not behind:
            return waited
        if waited > timeout_s:
            raise BatchFailed(
                f"{sum(behind.values())} records are not archived after {timeout_s:.0f} s "
                f"({behind}): see ./starling status and ./starling logs archiver"
            )
        time.sleep(TURN_SECONDS)


def land(settings: Settings, through: int | None, timeout_s: float) -> dict[str, Any]:
    """Decides `through`, waits for the archive. Raises `BatchFailed`."""
    if through is None:
        through = closed_epoch(time.time_ns() // 1_000_000, settings.epoch_ms)
    ends = ends_of(settings, through)
    waited = wait_archived(settings, ends, timeout_s)
    return {
        "through": through,
        "records": sum(ends.values()),
        "waited_seconds": round(waited, 1),
    }


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    return land(settings, asked.through, asked.timeout)


def main() -> int:
    arguments = command.parser("batch.land", __doc__, through=False, view=False)
    arguments.add_argument(
        "--through", type=int, help="this epoch instead of the newest closed one"
    )
    arguments.add_argument("--timeout", type=float, default=300, help="seconds to wait, at most")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
