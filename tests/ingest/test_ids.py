"""Ids sort by time and no two are alike, in threads and in processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.ids import SEQUENCES, IdMaker, WorkerLease, first_id_at, timestamp_ms


def test_an_id_tells_its_time() -> None:
    made = IdMaker(worker=1, clock=lambda: 1_700_000_000_000).next()
    assert timestamp_ms(made) == 1_700_000_000_000
    assert first_id_at(1_700_000_000_000) <= made < first_id_at(1_700_000_000_001)


def test_a_full_millisecond_borrows_the_next() -> None:
    maker = IdMaker(worker=0, clock=lambda: 1_700_000_000_000)
    made = [maker.next() for _ in range(SEQUENCES + 1)]
    assert made == sorted(set(made))
    assert timestamp_ms(made[-1]) == 1_700_000_000_001


def test_a_clock_that_steps_back_does_not_repeat_ids() -> None:
    times = iter([1_700_000_000_005, 1_700_000_000_001])
    maker = IdMaker(worker=0, clock=lambda: next(times))
    assert maker.next() < maker.next()


def test_threads_share_a_maker() -> None:
    maker = IdMaker(worker=0)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: maker.next(), range(10_000)))
    assert len(set(made)) == len(made)


def test_a_worker_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1023"):
        IdMaker(worker=1024)


def test_two_processes_lease_two_workers_and_a_dead_one_gives_its_own_back(tmp_path: Path) -> None:
    mine = WorkerLease(tmp_path)
    code = (
        "import sys; from pathlib import Path; from ingest.ids import WorkerLease; "
        "print(WorkerLease(Path(sys.argv[1])).number)"
    )
    theirs = [
        int(subprocess.check_output([sys.executable, "-c", code, str(tmp_path)])) for _ in range(2)
    ]
    assert mine.number == 0
    assert theirs == [1, 1]
