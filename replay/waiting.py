"""Has the speed layer applied what is in the log?

Each job says in Redis how far it is (`applied:<job>`). A job that does not move for a while is not
waited for without end: it is named, with what it has left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import cast

from redis import Redis

from ingest.ends import Place
from ingest.positions import applied_key
from views.registry import JOB_TOPICS

POLL_SECONDS = 0.2


class Stalled(RuntimeError):
    """The job has applied nothing for `seconds`, with `left` records of `places` to go."""

    def __init__(self, job: str, left: dict[Place, int], seconds: float) -> None:
        behind = ", ".join(f"{t}/{p}: {n:,}" for (t, p), n in sorted(left.items()))
        super().__init__(
            f"job {job} has applied nothing for {seconds:.0f} s and has records left ({behind}); "
            "see ./starling status and ./starling logs flink-taskmanager"
        )
        self.job, self.left = job, left


def records_left(redis: Redis, job: str, ends: dict[Place, int]) -> dict[Place, int]:
    """The number of records each partition has left for the job, where it has any."""
    marks = cast("dict[bytes, bytes]", redis.hgetall(applied_key(job)))
    applied = {field.decode(): int(last) for field, last in marks.items()}
    left = {
        (topic, partition): end - applied.get(f"{topic}/{partition}", -1) - 1
        for (topic, partition), end in ends.items()
        if topic in JOB_TOPICS[job]
    }
    return {place: count for place, count in left.items() if count > 0}


def wait_applied(
    redis: Redis,
    jobs: Iterable[str],
    ends: dict[Place, int],
    progress: Callable[[str, int], None] = lambda _job, _left: None,
    patience_seconds: float = 120,
) -> None:
    """Returns once the jobs have applied all below `ends`; only places in `ends` are looked at.

    `progress` gets each job and the number of its records still left. Raises `Stalled` naming a
    job that has records left and has not moved for `patience_seconds`.
    """
    waited: dict[str, tuple[dict[Place, int], float]] = dict.fromkeys(jobs, ({}, time.monotonic()))
    while waited:
        for job, (before, moved_at) in list(waited.items()):
            left = records_left(redis, job, ends)
            progress(job, sum(left.values()))
            if not left:
                del waited[job]
            elif left != before:
                waited[job] = (left, time.monotonic())
            elif (still := time.monotonic() - moved_at) > patience_seconds:
                raise Stalled(job, left, still)
        time.sleep(POLL_SECONDS if waited else 0)
