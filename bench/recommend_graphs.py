"""Which graphs does `bench recommend` rank, and what is held out of them?

The real ones lie beside the repository. Where they come with a part of their own that is held out,
that one is; else a tenth of the edges, by a fixed seed, and of mutual follows both directions at
once. Two series of growing graphs are for cost alone: a real one of which ever more edges are
known (`denser`), and made-up ones in which ever more people follow as many each (`larger`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.real_data import beside

SEED = 11
HELD = 0.1
CIRCLE = 200  # people who mostly follow each other, in a made-up graph
FOLLOWING, SIGMA = 20, 1.0  # whom one in the middle follows, and how wide: log-normal
MOST_FOLLOWING = 2_000
IN_CIRCLE = 0.7  # of what one follows; the rest are anybody's, the famous first
FAME = 0.8  # the exponent of Zipf's law, over everybody


class Edges(NamedTuple):
    """Columns: who follows whom, and whether that is held out."""

    src: np.ndarray
    dst: np.ndarray
    held: np.ndarray

    def write(self, file: Path) -> None:
        pq.write_table(pa.table(self._asdict()), file)


def politicians() -> Edges:
    return _parts("graph/timme_p20_50_follow_train_valid.parquet", "src", "dst")


def congress() -> Edges:
    return _parts("graph/congress_follows_train_valid.parquet", "src_id", "dst_id")


def company() -> Edges:
    rows = pq.read_table(beside("graph/company_hersheycareers_edges.parquet"))
    return _held(rows["src"].to_numpy(), rows["dst"].to_numpy(), mutual=False)


def music() -> Edges:
    rows = pq.read_table(beside("graph/lastfm_asia_edges.parquet"))
    return _held(rows["node_1"].to_numpy(), rows["node_2"].to_numpy(), mutual=True)


REAL: dict[str, Callable[[], Edges]] = {
    "politicians": politicians,
    "company": company,
    "music": music,
    "congress": congress,
}


def denser(edges: int) -> Edges:
    """So many edges of congress, by chance, of all who follow there."""
    whole = congress()
    some = np.random.default_rng(SEED).permutation(np.flatnonzero(~whole.held))[:edges]
    return Edges(*(column[some] for column in whole))


def larger(edges: int) -> Edges:
    """About so many edges of made-up people."""
    draws = np.random.default_rng(SEED)
    mean = FOLLOWING * np.exp(SIGMA**2 / 2)
    people = max(CIRCLE, int(edges / mean))
    following = draws.lognormal(np.log(FOLLOWING), SIGMA, people)
    following = np.clip(following, 1, min(MOST_FOLLOWING, people // 2)).astype(np.int64)
    src = np.repeat(np.arange(people), following)
    near = draws.random(len(src)) < IN_CIRCLE
    first = src // CIRCLE * CIRCLE
    inside = first + (draws.random(len(src)) ** 2 * CIRCLE).astype(np.int64)
    weight = np.cumsum(np.arange(1, people + 1, dtype=np.float64) ** -FAME)
    anybody = np.searchsorted(weight, draws.random(len(src)) * weight[-1])
    famous = draws.permutation(people)
    dst = np.where(near, np.minimum(inside, people - 1), famous[anybody])
    return Edges(src, dst, np.zeros(len(src), bool))


GROWING: dict[str, Callable[[int], Edges]] = {"denser": denser, "larger": larger}


def _parts(name: str, src: str, dst: str) -> Edges:
    rows = pq.read_table(beside(name), columns=[src, dst, "part"])
    rows = rows.filter(pc.is_valid(rows[dst]))
    held = rows["part"].to_numpy() != "train"
    return Edges(rows[src].to_numpy(), rows[dst].to_numpy().astype(np.int64), held)


def _held(left: np.ndarray, right: np.ndarray, *, mutual: bool) -> Edges:
    held = np.random.default_rng(SEED).random(len(left)) < HELD
    if not mutual:
        return Edges(left, right, held)
    both = ((left, right), (right, left), (held, held))
    return Edges(*map(np.concatenate, both))
