"""Is all of a process ended, children that left it included?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engines import processes
from engines.server import Command
from tests.engines.waiting import until

# It starts a child in a session of its own, as a daemon would, and refuses to be asked to end.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "600"], start_new_session=True)
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def stubborn() -> Command:
    return Command("stubborn", [sys.executable, "-c", STUBBORN], stop_seconds=0.2)


def start_and_wait(command: Command, folder: Path) -> subprocess.Popen[bytes]:
    process = processes.start(command, folder)
    until(lambda: "ready" in processes.log_of(command.name, folder).read_text())
    return process


def test_a_child_that_left_the_group_is_ended_too(stubborn: Command, tmp_path: Path) -> None:
    process = start_and_wait(stubborn, tmp_path)
    assert len(processes.marked(tmp_path, "stubborn")) == 2
    processes.stop(process, stubborn)
    assert not processes.marked(tmp_path)


def test_an_orphan_is_found_by_its_mark(stubborn: Command, tmp_path: Path) -> None:
    process = start_and_wait(stubborn, tmp_path)
    process.kill()
    process.wait()
    orphans = processes.marked(tmp_path)
    assert [orphan.name() for orphan in orphans] == ["sleep"]
    processes.kill(orphans)
    assert not processes.marked(tmp_path)


def test_what_a_process_says_is_kept(tmp_path: Path) -> None:
    say = Command("say", [sys.executable, "-c", "print('hello')"])
    processes.start(say, tmp_path).wait()
    processes.start(say, tmp_path).wait()
    assert processes.log_of("say", tmp_path).read_text() == "hello\nhello\n"
