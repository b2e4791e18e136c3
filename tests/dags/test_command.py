"""Does a task tell truly what became of its command?"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from engines.environments import REPOSITORY
from tests.dags.conftest import InAirflow

SAYS = {
    "result": """print('{"through": 1}\\nworking\\n{"through": 7, "rows": 3}')""",
    "no_result": "print('{brace')",
    "failure": """
import atexit
atexit.register(print, "26/11/23 05:00:01 INFO ShutdownHookManager: Shutdown hook called")
raise TimeoutError("the archive is behind")""",
    "bad_data": """
import sys
print("bad_data: tweets: author_id must not be null: 3 rows", file=sys.stderr)
sys.exit(65)""",
}
KILLER = """
import os, pathlib, signal, time
pathlib.Path("{note}").write_text(str(os.getpid()))
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(300)"""


def commands(in_airflow: InAirflow, folder: Path, bodies: dict[str, str]) -> dict[str, Any]:
    """What a task makes of each command, by the command's name."""
    for name, body in bodies.items():
        (folder / f"{name}.py").write_text(body)
    path = f"{REPOSITORY}{os.pathsep}{folder}"
    here = sys.executable
    line = in_airflow("run_commands.py", *bodies, STARLING_PYTHON_APP=here, PYTHONPATH=path)
    return json.loads(line)


@pytest.fixture(scope="module")
def outcomes(
    in_airflow: InAirflow, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    return commands(in_airflow, tmp_path_factory.mktemp("commands"), SAYS)


def test_the_last_object_printed_is_the_result_and_names_the_partition(
    outcomes: dict[str, Any],
) -> None:
    said = outcomes["result"]
    assert said["result"] == said["extra"] == {"through": 7, "rows": 3}
    assert said["partitions"] == ["7"]


def test_a_command_without_a_result_is_fine(outcomes: dict[str, Any]) -> None:
    assert outcomes["no_result"] == {"result": {}, "extra": {}, "partitions": []}


def test_a_failure_names_what_was_raised_and_may_be_tried_again(outcomes: dict[str, Any]) -> None:
    said = outcomes["failure"]
    assert said["raised"] == "TimeoutError: the archive is behind (failure ended with 1)"
    assert not said["final"]
    assert said["partitions"] == []


def test_data_at_fault_is_final(outcomes: dict[str, Any]) -> None:
    said = outcomes["bad_data"]
    assert said["raised"].startswith("tweets: author_id must not be null: 3 rows (")
    assert said["final"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_task_killed_outright_takes_its_command_along(
    in_airflow: InAirflow, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    with pytest.raises(AssertionError):  # the task did not live to say anything
        commands(in_airflow, tmp_path, {"killer": KILLER.format(note=note)})
    assert ended(int(note.read_text()))


def ended(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        psutil.wait_procs([process], timeout=10)
        return process.status() == psutil.STATUS_ZOMBIE
    return True
