"""How does a command wait for the speed layer where everybody can see it?"""

from __future__ import annotations

from collections.abc import Iterable

from redis import Redis

from cli.steps import Steps
from ingest.ends import Place
from replay.waiting import wait_applied


def catch_up(steps: Steps, redis: Redis, jobs: Iterable[str], ends: dict[Place, int]) -> None:
    """Waits, one bar for all jobs together, until they have applied all below `ends`."""
    jobs = list(jobs)
    left: dict[str, int] = {}
    with steps.step(f"Wait for {', '.join(jobs)}") as bar:
        total = 0

        def progress(job: str, records: int) -> None:
            nonlocal total
            left[job] = records
            if total == 0 and len(left) == len(jobs):
                total = sum(left.values())
                bar.expect(total)
            if total:
                bar.reach(total - sum(left.values()))
                bar.note(", ".join(f"{name} {n:,}" for name, n in left.items() if n))

        wait_applied(redis, jobs, ends, progress)
        bar.note("records")
