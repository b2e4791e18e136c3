"""How good are suggestions of whom to follow, and what does an edge more cost?

On real graphs (`bench/recommend_graphs.py`), which lie beside the repository: recall and MAP at 20
against simple ways and an exact one (`bench/recommend_peers.py`), processor seconds and the most
memory. Then graphs that grow: microseconds of processor an edge, and how the seconds grow as the
edges do: the slope of one logarithm against the other, 1 where cost is linear.

    ./starling bench recommend --json > figures.jsonl
    python -m bench.recommend_curve figures.jsonl docs/images/cost-of-recommending.svg
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from batch import ONE_THREAD
from bench.figures import Figure
from bench.recommend_graphs import GROWING, REAL, Edges
from engines import environments
from engines.server import python_env

PEERS = {"popularity": "popularity", "cosine": "cosine co-follow", "ease": "EASE"}
EDGES = (25_000, 50_000, 100_000, 200_000, 400_000, 800_000)
SIZES = {"denser": EDGES, "larger": EDGES[:-1]}
"""How large each series of graphs grows."""


def figures() -> Iterator[Figure]:
    """The figures. Takes about twenty minutes of processor. Raises `NoActivity`."""
    graphs = {name: load() for name, load in REAL.items()}  # says first what is missing
    environments.ensure("batch")
    for name, edges in graphs.items():
        yield from _quality(name, edges)
    for series, make in GROWING.items():
        yield from _growth(series, {edges: make(edges) for edges in SIZES[series]})


def _quality(graph: str, edges: Edges) -> Iterator[Figure]:
    learned = _measured("learned", edges)
    for peer, told in PEERS.items():
        found = _measured(peer, edges)
        if "too_large" in found:
            continue
        for measure in ("recall", "map"):
            name = f"{graph}_{measure}_at_20"
            yield Figure("recommend", name, learned[measure], told, found[measure])
        yield Figure("recommend", f"{graph}_cpu_s", learned["cpu_s"], told, found["cpu_s"])
    yield Figure("recommend", f"{graph}_peak_mb", learned["peak_mb"])


def _growth(series: str, graphs: dict[int, Edges]) -> Iterator[Figure]:
    found = {edges: _measured("learned", graph) for edges, graph in graphs.items()}
    for edges, each in found.items():
        an_edge = 1e6 * each["cpu_s"] / each["edges"]
        yield Figure("recommend", measure(series, edges), an_edge)
        yield Figure("recommend", f"{series}_peak_mb_{edges}_edges", each["peak_mb"])
    pairs = [(each["edges"], each["cpu_s"]) for each in found.values()]
    yield Figure("recommend", f"{series}_slope", slope(pairs))
    most = max(found)
    for step, seconds in found[most]["steps"].items():
        yield Figure("recommend", f"{series}_{step}_cpu_s_{most}_edges", seconds)


def measure(series: str, edges: int) -> str:
    """The name of the figure that the curve is drawn from."""
    return f"{series}_cpu_us_an_edge_{edges}_edges"


def slope(pairs: Sequence[tuple[float, float]]) -> float:
    """Of the line nearest to the logarithms, by least squares.

    >>> round(slope([(10, 3.0), (20, 6.0), (80, 24.0)]), 6)
    1.0
    """
    points = [(math.log(edges), math.log(seconds)) for edges, seconds in pairs]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def _measured(method: str, edges: Edges) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "edges.parquet"
        edges.write(file)
        done = subprocess.run(
            [environments.python("batch"), "-m", "bench.recommend_ranked", method, str(file)],
            cwd=environments.REPOSITORY,
            env=os.environ | python_env("batch") | ONE_THREAD,
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
