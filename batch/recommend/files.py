"""How do edges become a file of recommendations?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from batch.command import DataAtFault
from batch.recommend.graph import graph_of, read
from batch.recommend.rank import Ranked, recommend
from settings import Settings

ROWS = 100_000  # written at a time


def recommend_file(_settings: Settings, asked: argparse.Namespace) -> dict[str, int]:
    """Writes `output`: `src`, `dst`, `rank` from 1 and `score`, for every `src` of `follows`.

    Raises `BadEdges`, and `DataAtFault` where the output cannot be written.
    """
    edges = read(asked.follows)
    graph = graph_of(edges)
    ranked = recommend(graph, asked.top, _tell)
    kind = edges.schema.field("src").type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    _write(asked.output, graph.ids, pa.string() if pa.types.is_null(kind) else kind, ranked)
    return {
        "people": len(graph.asked),
        "edges": int(graph.follows.nnz),
        "rows": len(ranked.src),
    }


def _tell(step: str, done: int, of: int) -> None:
    print(json.dumps({"step": step, "done": done, "of": of}), flush=True)


def _write(output: Path, ids: pa.Array, kind: pa.DataType, ranked: Ranked) -> None:
    fields = {"src": kind, "dst": kind, "rank": pa.int64(), "score": pa.float64()}
    beside = output.with_name(f"{output.name}.part")
    try:
        with pq.ParquetWriter(beside, pa.schema(list(fields.items()))) as writer:
            for first in range(0, len(ranked.src), ROWS):
                some = Ranked(*(column[first : first + ROWS] for column in ranked))
                columns = {
                    "src": ids.take(pa.array(some.src)).cast(kind),
                    "dst": ids.take(pa.array(some.dst)).cast(kind),
                    "rank": some.rank.astype(np.int64),
                    "score": some.score,
                }
                writer.write_table(pa.table(columns, schema=writer.schema))
        beside.replace(output)
    except OSError as error:
        raise DataAtFault(f"cannot write {output}: {error.strerror or error}") from None
