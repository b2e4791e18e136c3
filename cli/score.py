"""How toxic, and how much of spam, are the texts of a file?"""

from __future__ import annotations

import os
import time
from pathlib import Path

from rich.console import Console

import settings as settings_module
from cli.steps import Steps
from moderation.files import Texts
from moderation.scorer import Scorer


def score(input: Path, output: Path, column: str) -> None:
    """Writes `output` with the columns `toxicity`, `spam` and `action` added. Raises `BadInput`."""
    console = Console(stderr=True)
    texts = Texts(input, column)
    settings = settings_module.load()
    with Steps(console) as steps:
        with steps.step("Load the models"):
            scorer = Scorer.load(
                settings.forbidden_links,
                settings.misleading_links,
                settings.moderation_model,
                threads=os.cpu_count() or 1,
            )
        began = time.perf_counter()
        with steps.step("Score", texts.rows) as bar:
            texts.score_into(output, scorer, bar.advance)
            took = time.perf_counter() - began
            bar.note(f"{texts.rows / max(took, 1e-9):,.0f} texts a second")
    console.print(f"{texts.rows:,} rows are in {output}", highlight=False, soft_wrap=True)
