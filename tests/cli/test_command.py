"""Does `./starling` say what it can do, and what is wrong, in a line a person can act on?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engines.environments import REPOSITORY


def starling(
    *arguments: str, cwd: Path = Path("/"), **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [str(REPOSITORY / "starling"), *arguments]
    env = os.environ | environment
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=cwd)


def test_help_lists_the_commands() -> None:
    said = starling("--help").stdout
    for command in ("up", "down", "status", "test", "where", "logs"):
        assert command in said


def test_status_of_a_platform_that_is_down(tmp_path: Path) -> None:
    done = starling("status", "--json", STARLING_STATE_DIR=str(tmp_path / "none"))
    assert done.returncode == 1
    assert json.loads(done.stdout)["running"] is False


def test_a_wrong_setting_is_named_in_few_lines() -> None:
    done = starling("status", STARLING_EPOCH_SECONDS="soon")
    assert done.returncode == 1
    assert "epoch_seconds" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_log_is_answered_with_those_there_are(tmp_path: Path) -> None:
    done = starling("logs", "kafkaa", STARLING_STATE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "no log is called kafkaa" in done.stderr


def test_where_prints_the_way_of_an_event() -> None:
    assert "ingest/events/likes.py" in starling("where", "Liked").stdout


def test_a_file_is_looked_for_where_the_caller_stands(tmp_path: Path) -> None:
    table = pa.table({"text": ["good morning, everyone"]})
    pq.write_table(table, tmp_path / "in.parquet")
    done = starling("score", "--input", "in.parquet", "--output", "out.parquet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out.parquet")["action"].to_pylist() == ["allow"]
