"""Does a task tell truly what became of its command?"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from engines.environments import REPOSITORY
from tests.dags.conftest import InAirflow

Outcome = Callable[[str], dict[str, Any]]


@pytest.fixture
def outcome(in_airflow: InAirflow, tmp_path: Path) -> Outcome:
    """What a task makes of a command with this body."""

    def run(body: str) -> dict[str, Any]:
        (tmp_path / "said.py").write_text(body)
        path = f"{REPOSITORY}{os.pathsep}{tmp_path}"
        line = in_airflow(
            "run_command.py", "said", STARLING_PYTHON_APP=sys.executable, PYTHONPATH=path
        )
        return json.loads(line)

    return run


def test_the_last_object_printed_is_the_result_and_names_the_partition(outcome: Outcome) -> None:
    said = outcome("""print('{"through": 1}\\nworking\\n{"through": 7, "rows": 3}')""")
    assert said["result"] == said["extra"] == {"through": 7, "rows": 3}
    assert said["partitions"] == ["7"]


def test_a_command_without_a_result_is_fine(outcome: Outcome) -> None:
    assert outcome("print('{brace')") == {"result": {}, "extra": {}, "partitions": []}


def test_a_failure_names_what_was_raised_and_may_be_tried_again(outcome: Outcome) -> None:
    said = outcome("""
import atexit
atexit.register(print, "26/11/23 05:00:01 INFO ShutdownHookManager: Shutdown hook called")
raise TimeoutError("the archive is behind")""")
    assert said["raised"] == "said ended with 1: TimeoutError: the archive is behind"
    assert not said["final"]
    assert said["partitions"] == []


def test_data_at_fault_is_final(outcome: Outcome) -> None:
    said = outcome("""
import sys
print("quality.ExpectationFailed: tweets.author_id must not be null: 3 rows", file=sys.stderr)
sys.exit(65)""")
    assert said["raised"].endswith("ExpectationFailed: tweets.author_id must not be null: 3 rows")
    assert said["final"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_task_killed_outright_takes_its_command_along(outcome: Outcome, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):  # the task did not live to say anything
        outcome(f"""
import os, pathlib, signal, time
pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(300)""")
    assert ended(int((tmp_path / "pid").read_text()))


def ended(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        psutil.wait_procs([process], timeout=10)
        return process.status() == psutil.STATUS_ZOMBIE
    return True
