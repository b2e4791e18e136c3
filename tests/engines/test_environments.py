"""Which environments of former locks are dropped?"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import settings
from engines import environments, supervisor
from engines.environments import FINISHED, KEEP_DAYS, drop_unused


def environment(root: Path, name: str, *, days_ago: float, finished: bool = True) -> Path:
    folder = root / name
    folder.mkdir()
    if finished:
        (folder / FINISHED).touch()
    for path in (folder / FINISHED, folder):
        if path.exists():
            os.utime(path, (0, time.time() - days_ago * 86_400))
    return folder


def test_what_nobody_asked_for_for_days_goes_and_nothing_else(tmp_path: Path) -> None:
    mine = environment(tmp_path, "app-1", days_ago=9)
    in_use = environment(tmp_path, "app-2", days_ago=KEEP_DAYS - 0.5)
    stale = environment(tmp_path, "app-3", days_ago=KEEP_DAYS + 0.5)
    being_made = environment(tmp_path, "app-4", days_ago=0, finished=False)
    interrupted = environment(tmp_path, "app-5", days_ago=9, finished=False)
    of_another_name = environment(tmp_path, "apples-6", days_ago=9)
    drop_unused(mine, "app")
    there = set(tmp_path.iterdir())
    assert there == {mine, in_use, being_made, of_another_name}
    assert not stale.exists()
    assert not interrupted.exists()


def test_what_a_platform_runs_on_stays_however_long_it_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARLING_CACHE_DIR", str(tmp_path))
    forget_where_they_are()
    try:
        running = environments.folder("app")
        running.parent.mkdir()
        environment(running.parent, running.name, days_ago=9)
        supervisor.keep_environments()
        drop_unused(running.parent / "app-of-another-clone", "app")
        assert running.exists()
        assert not environments.folder("batch").exists()  # nobody made it: nothing to keep
    finally:
        forget_where_they_are()


def forget_where_they_are() -> None:
    """What is read once a process is read again."""
    settings.load.cache_clear()
    environments.folder.cache_clear()
