"""Runs in the batch environment: recommends for edges that come as JSON on stdin, as JSON.

{"edges": [[src, dst], ...], "top": N, "shuffle": false} -> {"rows": [[src, dst, rank], ...]}
"""

from __future__ import annotations

import json
import sys

import pyarrow as pa

from batch.recommend.graph import graph_of
from batch.recommend.rank import recommend

answers = []
for case in json.load(sys.stdin):
    src, dst = zip(*case["edges"], strict=True)
    graph = graph_of(pa.table({"src": list(src), "dst": list(dst)}))
    ids, found = graph.ids.to_pylist(), recommend(graph, case["top"])
    columns = (found.src, found.dst, found.rank, found.score)
    answers.append(
        [
            [ids[s], ids[d], int(rank), float(score)]
            for s, d, rank, score in zip(*columns, strict=True)
        ]
    )
print(json.dumps(answers))
