"""The archiver brings every record of the log into bronze, once, however it is ended."""

from __future__ import annotations

import random
import re
import subprocess
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from ingest.bulk import append_all
from ingest.ends import log_ends
from settings import Settings
from tests.engines.waiting import until
from tests.ingest.archiving import (
    COMMAND,
    all_archived,
    archiver,
    environment,
    lake_of_its_own,
    offsets,
    start,
    wait_until_archived,
)
from tests.views.cast import followed, liked

pytestmark = pytest.mark.engines

KILLS = 5


class Load(threading.Thread):
    """Appends likes and follows until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._settings, self._over = settings, threading.Event()

    def run(self) -> None:
        for turn in count():
            if self._over.wait(0.02):
                return
            users = range(turn * 100 + 1, turn * 100 + 101)
            append_all(self._settings, [e for u in users for e in (liked(u, 7), followed(u, 7))])

    def end(self) -> None:
        self._over.set()
        self.join()


def require_each_offset_once(settings: Settings) -> None:
    ends = log_ends(settings)
    for place, found in offsets(settings).items():
        if place in ends:
            assert found == list(range(ends[place])), place


def test_killed_again_and_again_under_load_it_archives_each_record_once(
    kafka_server: Settings, tmp_path: Path
) -> None:
    settings, log = lake_of_its_own(kafka_server, tmp_path), tmp_path / "log"
    chance = random.Random(3)
    load = Load(settings)
    load.start()
    for _ in range(KILLS):
        process = start(settings, log, STARLING_ARCHIVE_SECONDS="0.1")
        until(lambda: (tmp_path / "archiver.pulse").exists(), 60)
        time.sleep(chance.uniform(0.0, 0.4))  # anywhere between two commits, or in one
        process.kill()
        process.wait()
        (tmp_path / "archiver.pulse").unlink(missing_ok=True)
    load.end()
    with archiver(settings, log):
        wait_until_archived(settings)
    require_each_offset_once(settings)


def test_sigterm_commits_what_was_gathered(kafka_server: Settings, tmp_path: Path) -> None:
    settings, log = lake_of_its_own(kafka_server, tmp_path), tmp_path / "log"
    process = start(settings, log, STARLING_ARCHIVE_SECONDS="3")
    until(lambda: b"archiving" in log.read_bytes(), 60)
    append_all(settings, [liked(1, 8)] * 50)
    process.terminate()
    assert process.wait(30) == 0
    assert all_archived(settings)
    require_each_offset_once(settings)


def test_a_second_archiver_of_the_same_lake_refuses(kafka_server: Settings, tmp_path: Path) -> None:
    settings, log = lake_of_its_own(kafka_server, tmp_path), tmp_path / "log"
    with archiver(settings, log):
        until(lambda: (tmp_path / "archiver.pulse").exists(), 60)
        assert start(settings, tmp_path / "second").wait(60) == 1
    assert "another_archiver_runs" in (tmp_path / "second").read_text()


def test_small_files_are_joined_while_it_runs(kafka_server: Settings, tmp_path: Path) -> None:
    settings, log = lake_of_its_own(kafka_server, tmp_path), tmp_path / "log"
    often = {"STARLING_ARCHIVE_SECONDS": "0.05", "STARLING_ARCHIVE_COMPACT_COMMITS": "5"}
    with archiver(settings, log, **often):
        load = Load(settings)
        load.start()
        until(lambda: b"compacted" in log.read_bytes(), 60)
        load.end()
        wait_until_archived(settings)
    require_each_offset_once(settings)


# In a mount namespace of its own: a small disk for the lake, filled but for a little by another
# file, which goes when the test says so; and a copy of the lake for the test, outside of it.
TINY_DISK = """
mount -t tmpfs -o size=8m tiny "$1/lake" && head -c 7600000 /dev/zero > "$1/lake/filler"
wait_for() { while [ ! -e "$1" ]; do sleep 0.1; done; }
(wait_for "$1/free"; rm "$1/lake/filler"
 wait_for "$1/copy"; mkdir "$1/after"; cp -r "$1/lake" "$1/after/lake"; touch "$1/copied") &
shift; exec "$@"
"""


def archived_by(log: Path) -> int:
    """How many records the archiver says it has committed."""
    return sum(map(int, re.findall(r"records=(\d+)", log.read_text())))


def test_a_full_disk_loses_nothing(kafka_server: Settings, tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    settings, log = lake_of_its_own(kafka_server, tmp_path), tmp_path / "log"
    settings.lake_dir.mkdir()
    append_all(settings, [liked(user, 9) for user in range(1, 20_001)])
    with log.open("ab") as out:
        process = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", TINY_DISK, "sh", str(tmp_path), *COMMAND],
            env=environment(settings, STARLING_LAKE_FREE_BYTES="0", NO_COLOR="1"),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: "not_archived" in log.read_text(), 60)
        assert "MiB are free on the disk" in log.read_text()
        (tmp_path / "free").touch()
        until(lambda: archived_by(log) == sum(log_ends(settings).values()), 90)
        (tmp_path / "copy").touch()
        until(lambda: (tmp_path / "copied").exists())
    finally:
        process.terminate()
        process.wait(30)
    require_each_offset_once(lake_of_its_own(settings, tmp_path / "after"))
