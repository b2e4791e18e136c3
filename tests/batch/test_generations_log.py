"""A generation decided from a real log is told to it, once, and can be taken back."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from batch import generations
from engines import control
from ingest.bulk import append_all
from settings import Settings
from tests.batch.generating import said
from tests.ingest.archiving import archiver, lake_of_its_own
from tests.realtime.playing import moved, world
from tests.views.cast import ALICE, BOB, CAROL, DAVE, followed, unfollowed
from views.celebrities import CELEBRITIES
from views.pulled_authors import PULLED_AUTHORS

pytestmark = pytest.mark.engines


@pytest.fixture
def lake(kafka_server: Settings, tmp_path: Path) -> Settings:
    settings = lake_of_its_own(kafka_server, tmp_path)
    return settings.model_copy(update={"celebrity_followers": 3, "celebrity_keep_followers": 2})


def decide(lake: Settings, step: str = "advance") -> dict[str, object]:
    return generations.work(lake, argparse.Namespace(view=CELEBRITIES.name, step=step))


def test_a_celebrity_is_told_once_and_taken_back_by_a_rollback(
    lake: Settings, tmp_path: Path
) -> None:
    base = world()
    bob = base + BOB
    with archiver(lake, tmp_path / "log"):
        append_all(lake, [moved(followed(r, BOB), base) for r in (ALICE, CAROL)])
        decide(lake)
        append_all(lake, [moved(followed(DAVE, BOB), base)])
        first = decide(lake)
        assert decide(lake)["events"] == 0, "all of it stands in the log"
        assert said(lake, PULLED_AUTHORS, (0, bob)) == {"followers": 3, "generation": 2}
        append_all(lake, [moved(unfollowed(r, BOB), base) for r in (ALICE, CAROL)])
        assert decide(lake)["generation"] == 4
        assert said(lake, PULLED_AUTHORS, (0, bob)) is None
        assert decide(lake, "rollback")["generation"] == 3
        assert said(lake, PULLED_AUTHORS, (0, bob)) == {"followers": 3, "generation": 3}
    assert first["rows"] >= 1


def test_its_process_ends_well_every_time(lake: Settings, tmp_path: Path) -> None:
    """All was done and still it aborted at its end, in every second or third run."""
    command = [sys.executable, "-m", "batch.generations", CELEBRITIES.name]
    surroundings = os.environ | control.as_environment(lake)
    with archiver(lake, tmp_path / "log"):
        append_all(lake, [moved(followed(ALICE, BOB), world())])
        for _ in range(3):
            done = subprocess.run(command, env=surroundings, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["view"] == CELEBRITIES.name
