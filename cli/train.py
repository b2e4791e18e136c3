"""Can the models that moderation scores by be made anew?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from engines import environments, maven
from engines.environments import REPOSITORY
from moderation.scaling import MODEL

DATA = REPOSITORY.parent / "shared" / "data" / "moderation"


class TrainingFailed(RuntimeError):
    """The training ended badly; what it said stands above."""


def train(out: Path | None, data: Path = DATA) -> None:
    """Writes a model folder, by default `MODEL`; prints a JSON object with what was measured.

    Without labelled texts it says so and does nothing. Raises `TrainingFailed`, and
    `EnvironmentFailed` or `FetchFailed` where the environment or the base cannot be had.
    """
    if not data.exists():
        print(json.dumps({"skipped": f"no labelled texts in {data}: nothing to train on"}))
        return
    out = (out or MODEL).resolve()  # the training runs in another folder
    python = environments.ensure("train")
    (jar,) = maven.fetch("encoder").glob("*.jar")
    command = [python, "-m", "moderation.training", "--base", jar, "--data", data, "--out", out]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "OMP_WAIT_POLICY": "PASSIVE"}
    if subprocess.run(list(map(str, command)), cwd=REPOSITORY, env=environment).returncode:
        raise TrainingFailed(f"the training into {out} failed")
