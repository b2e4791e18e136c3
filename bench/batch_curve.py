"""What does a fold cost as history grows, in full and an hour at a time?

./starling bench batch --json > figures.jsonl
python -m bench.batch_curve figures.jsonl docs/images/cost-of-a-fold.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.batch import EVENTS_A_DAY, HISTORIES
from bench.drawing import lines
from bench.figures import values

NAMES = {"full_fold_s": "all of history", "hour_fold_s": "a new hour"}


def draw(figures: Path, picture: Path) -> None:
    """Raises `KeyError` where a figure is missing."""
    found = values(figures.read_text().splitlines())
    lines(
        picture,
        title="A fold of two views, seconds",
        x_title="events of history",
        x_labels=[f"{days * EVENTS_A_DAY:,}" for days in HISTORIES],
        series={
            name: [round(found[f"{fold}_after_{days}_days"], 2) for days in HISTORIES]
            for fold, name in NAMES.items()
        },
    )


if __name__ == "__main__":
    draw(*map(Path, sys.argv[1:]))
