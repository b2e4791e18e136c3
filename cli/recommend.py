"""Whom should everybody in a file of follows follow?"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.batch import CommandFailed
from cli.steps import Bar, Steps
from engines import environments
from engines.provision import surroundings
from settings import load

STEPS = {
    "learn": "Hide edges, learn what finds them",
    "compare": "Compare who is like whom",
    "rank": "Rank",
}


def recommend(follows: Path, top: int, output: Path) -> None:
    """Writes `output`, by the code that the daily batch runs. Raises `CommandFailed`."""
    console = Console(stderr=True)
    result: dict[str, Any] = {}
    asked = ["--follows", str(follows), "--top", str(top), "--output", str(output)]
    with Steps(console) as steps, ExitStack() as running:
        name, bar = "", None
        for said in _said("batch.recommend", *asked):
            if "step" not in said:
                result = said
                continue
            if said["step"] != name:
                running.close()
                name = said["step"]
                bar = running.enter_context(steps.step(STEPS[name], said["of"]))
            assert isinstance(bar, Bar)
            bar.reach(said["done"])
    console.print(
        f"{result['people']:,} people of {result['edges']:,} edges: "
        f"{result['rows']:,} recommendations are in {output}",
        highlight=False,
        soft_wrap=True,
    )


def _said(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """What a module of the batch layer prints, line by line. Raises `CommandFailed`."""
    with subprocess.Popen(
        [environments.ensure("batch"), "-m", module, *arguments],
        cwd=environments.REPOSITORY,
        env={**os.environ, **surroundings("batch", load())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        yield from map(json.loads, running.stdout)
        error = running.stderr.read().strip()
    if running.returncode:
        raise CommandFailed((error or f"{module} said nothing").splitlines()[-1])
