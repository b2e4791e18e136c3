"""Airflow's environment, for tests of what lives there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engines import environments
from engines.environments import REPOSITORY
from engines.server import python_env

InAirflow = Callable[..., str]


@pytest.fixture(scope="session")
def in_airflow(tmp_path_factory: pytest.TempPathFactory) -> InAirflow:
    """Runs a script of this folder in Airflow's environment; returns its last line."""
    python = environments.ensure("airflow")
    home = {"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow"))}
    quiet = {"AIRFLOW__CORE__LOAD_EXAMPLES": "False"}

    def run(script: str, *arguments: str | Path, **environment: str) -> str:
        done = subprocess.run(
            [python, Path(__file__).with_name(script), *arguments],
            cwd=REPOSITORY,
            env=os.environ | python_env("airflow") | home | quiet | environment,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    return run
