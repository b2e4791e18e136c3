"""How good is one way to rank one graph, and what does it cost?

A process of its own for each, as the most memory it had is asked for. The part of `bench recommend`
that runs in the batch environment.

    python -m bench.recommend_ranked learned EDGES.parquet

Prints `{"edges": n, "people": n, "cpu_s": s, "steps": {"rank": s}, "peak_mb": m, "recall": r,
"map": m}`, or `{"too_large": why}`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from batch.recommend.graph import Graph, graph_of
from batch.recommend.rank import recommend
from bench.recommend_peers import PEERS, best
from bench.recommend_scores import AT, recall_and_map


class Watch:
    """Processor seconds of each step, of all threads; a machine busy otherwise does not matter."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = defaultdict(float)
        self._step, self._last = "", time.process_time()

    def tell(self, step: str, done: int, _of: int) -> None:
        """What went by since anything was told is of that step, or where it only begins, of the one
        before."""
        now = time.process_time()
        self.steps[step if done or not self._step else self._step] += now - self._last
        self._step, self._last = step, now


def main(method: str, edges: pa.Table) -> dict[str, object]:
    graph = graph_of(edges.filter(pc.invert(edges["held"])))
    watch = Watch()
    try:
        found = dict(_ranked(method, graph, watch))
    except MemoryError as error:
        return {"too_large": str(error)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said: dict[str, object] = {
        "edges": int(graph.follows.nnz),
        "people": len(graph.asked),
        "cpu_s": sum(watch.steps.values()),
        "steps": watch.steps,
        "peak_mb": memory,
    }
    if held := _held(graph, edges.filter(edges["held"])):
        recall, precision = recall_and_map(found, held)
        said |= {"recall": recall, "map": precision}
    return said


def _ranked(method: str, graph: Graph, watch: Watch) -> Iterator[tuple[int, list[int]]]:
    if method == "learned":
        ranked = recommend(graph, AT, watch.tell)
        begins = np.flatnonzero(np.diff(ranked.src, prepend=-1))
        whom = np.split(ranked.dst, begins[1:])
        yield from zip(ranked.src[begins].tolist(), map(np.ndarray.tolist, whom), strict=True)
        return
    scores = PEERS[method](graph.follows)
    yield from best(graph, scores, graph.asked)
    watch.tell(method, 1, 1)


def _held(graph: Graph, edges: pa.Table) -> dict[int, set[int]]:
    """What is held out of everybody who still follows anybody. A number below 0 is somebody whom
    the graph does not know: nobody can find them, and they count."""
    number = {id: n for n, id in enumerate(graph.ids.to_pylist())}
    asked = set(graph.asked.tolist())
    held: dict[int, set[int]] = defaultdict(set)
    pairs = zip(edges["src"].to_pylist(), edges["dst"].to_pylist(), strict=True)
    for n, (src, dst) in enumerate(pairs, 1):
        person = number.get(src)
        if person in asked and src != dst:
            held[person].add(number.get(dst, -n))
    return held


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], pq.read_table(sys.argv[2]))))
