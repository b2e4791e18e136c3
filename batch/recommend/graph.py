"""Who follows whom, as numbers?

People are numbered in the order of their ids, so that no result depends on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import scipy.sparse as sp

from batch.command import DataAtFault
from batch.recommend.talk import Talk
from batch.recommend.topics import Topics, people_of, topics_of

COLUMNS = ("src", "dst")


class BadEdges(DataAtFault):
    """A file is no list of edges; the message says why."""


@dataclass(frozen=True)
class Graph:
    """`follows[s, d]` is 1 where person `s` follows person `d`; `asked` are those to answer."""

    ids: pa.Array
    follows: sp.csr_matrix
    asked: np.ndarray
    topics: Topics | None = None
    """None where nothing is known of what people talk about."""


def read(path: Path) -> pa.Table:
    """The columns `src` and `dst` of a Parquet file. Raises `BadEdges`."""
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:
        raise BadEdges(f"{path}: there is no such file") from None
    except (pa.ArrowInvalid, OSError) as error:
        raise BadEdges(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from None
    with file:
        if missing := [name for name in COLUMNS if name not in file.schema_arrow.names]:
            found = ", ".join(file.schema_arrow.names) or "none"
            raise BadEdges(f"{path} has no column {' and no column '.join(missing)}, only {found}")
        return file.read(columns=list(COLUMNS))


def graph_of(edges: pa.Table, talk: Talk | None = None) -> Graph:
    """The graph of edges `src`, `dst`, whose ids are whole numbers or strings; beside `talk`,
    numbers. Everyone is asked about who is a `src` or cares for a topic; an edge counts once, and
    one to oneself not at all. Raises `BadEdges`."""
    src, dst = (_ids(edges, name) for name in COLUMNS)
    if src.type != dst.type:
        raise BadEdges(f"src is of {src.type} and dst of {dst.type}: ids must be of one kind")
    talkers = pa.array([], src.type) if talk is None else people_of(talk)
    ids = pc.unique(pa.chunked_array([src, dst, talkers], src.type))
    ids = ids.take(pc.array_sort_indices(ids))
    rows, columns, caring = (pc.index_in(side, ids).to_numpy() for side in (src, dst, talkers))
    asked = np.union1d(rows, caring)
    other = rows != columns
    pairs = np.unique(np.stack([rows[other], columns[other]]), axis=1)
    ones = np.ones(pairs.shape[1], np.float32)
    follows = sp.csr_matrix((ones, (pairs[0], pairs[1])), (len(ids), len(ids)))
    return Graph(ids, follows, asked, None if talk is None else topics_of(talk, ids))


def _ids(edges: pa.Table, name: str) -> pa.Array:
    column = edges[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if column.null_count:
        raise BadEdges(f"{name} is empty in {column.null_count:,} of {len(column):,} rows")
    if pa.types.is_integer(column.type):
        wanted = pa.int64()
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        wanted = pa.large_string()
    elif pa.types.is_null(column.type):
        wanted = pa.int64()  # no row, so no kind of id
    else:
        raise BadEdges(f"{name} is of {column.type}: ids are whole numbers or strings")
    try:
        return column.cast(wanted).combine_chunks()
    except pa.ArrowInvalid:
        raise BadEdges(f"{name} has numbers beyond 64 bits with a sign") from None
