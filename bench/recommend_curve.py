"""What does an edge cost to rank as a graph grows, denser or larger?

./starling bench recommend --json > figures.jsonl
python -m bench.recommend_curve figures.jsonl docs/images/cost-of-recommending.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.drawing import lines
from bench.figures import values
from bench.recommend import EDGES, SIZES, measure

NAMES = {"denser": "more is known of a real graph", "larger": "more people, as many follows each"}


def draw(figures: Path, picture: Path) -> None:
    """Raises `KeyError` where a figure is missing."""
    found = values(figures.read_text().splitlines())
    lines(
        picture,
        title="Whom to follow: processor microseconds an edge",
        x_title="edges of the graph",
        x_labels=[f"{edges:,}" for edges in EDGES],
        series={
            name: [round(found[measure(series, edges)]) for edges in SIZES[series]]
            for series, name in NAMES.items()
        },
    )


if __name__ == "__main__":
    draw(*map(Path, sys.argv[1:]))
