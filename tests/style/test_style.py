"""Does the source keep its own rules: lint, layout, types, and which way imports point?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engines.environments import REPOSITORY

BINARIES = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run(
        [str(BINARIES / command[0]), *command[1:]], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", ".")


def test_every_file_is_formatted() -> None:
    run("ruff", "format", "--check", ".")


def test_the_pure_parts_are_typed() -> None:
    run("mypy")


def test_imports_point_one_way() -> None:
    run("lint-imports")


@pytest.mark.parametrize("lock", sorted((REPOSITORY / "locks").glob("*.txt")), ids=lambda p: p.stem)
def test_a_lock_has_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all(line.endswith("\\") for line in pins)
    assert "://" not in text
