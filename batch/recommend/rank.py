"""Whom should each person follow, best first?

Some of the graph's own edges are hidden, the evidence is gathered without them, and what tells the
hidden ones from the rest is learned; then the evidence of the whole graph is weighed so. Every
choice is by a fixed seed and every order is settled by number, so the same edges give the same
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from batch.recommend.evidence import Evidence
from batch.recommend.graph import Graph
from batch.recommend.learn import Weights, learn, prior
from batch.recommend.likeness import likeness

SEED = 20
HIDDEN = 10  # one edge of so many is hidden
HIDINGS = 2  # times that this is done
LEARN_FROM = 3_000  # people each time
AT_ONCE = 1_024  # people whose candidates are in memory


class Ranked(NamedTuple):
    """Columns of equal length, by `src` and then by `rank`, which counts from 1."""

    src: np.ndarray
    dst: np.ndarray
    rank: np.ndarray
    score: np.ndarray


def recommend(
    graph: Graph, most: int, tell: Callable[[str, int, int], None] = lambda *_: None
) -> Ranked:
    """At most `most` for each person of `graph.asked`; fewer only where there is nobody else.
    `tell` hears of the work: a step, how much of it is done, of how much."""
    weights = _weights(graph, tell)
    tell("compare", 0, 1)
    evidence = Evidence(graph.follows, likeness(graph.follows), graph.topics)
    tell("compare", 1, 1)
    parts = []
    for first in range(0, len(graph.asked), AT_ONCE):
        people = graph.asked[first : first + AT_ONCE]
        parts.append(_best(graph, evidence, weights, people, most))
        tell("rank", min(first + AT_ONCE, len(graph.asked)), len(graph.asked))
    if not parts:
        nothing = np.empty(0, np.int64)
        return Ranked(nothing, nothing, nothing, np.empty(0))
    return Ranked(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _best(
    graph: Graph, evidence: Evidence, weights: Weights, people: np.ndarray, most: int
) -> Ranked:
    pairs = evidence.pairs(people)
    score = weights.score(pairs.features).astype(np.float64)
    order = np.lexsort((pairs.person, -score, pairs.row))
    row = pairs.row[order]
    begins = np.searchsorted(row, np.arange(len(people) + 1))
    rank = 1 + np.arange(len(row)) - begins[row]
    kept = order[rank <= most]
    return Ranked(people[pairs.row[kept]], pairs.person[kept], rank[rank <= most], score[kept])


def _weights(graph: Graph, tell: Callable[[str, int, int], None]) -> Weights:
    edges = graph.follows.tocoo()
    draws = np.random.default_rng(SEED)
    part = draws.permutation(edges.nnz) % HIDDEN
    features, hits, weighs = [], [], []
    for hiding in range(HIDINGS):
        tell("learn", hiding, HIDINGS)
        hidden = part == hiding
        seen, unseen = (_only(edges, chosen) for chosen in (~hidden, hidden))
        asked = np.flatnonzero((np.diff(seen.indptr) > 0) & (np.diff(unseen.indptr) > 0))
        if len(asked) > LEARN_FROM:
            asked = np.sort(draws.choice(asked, LEARN_FROM, replace=False))
        if not len(asked):
            continue
        pairs = Evidence(seen, likeness(seen), graph.topics).pairs(asked)
        source = asked[pairs.row].astype(np.int64)
        hit = np.isin(source * edges.shape[1] + pairs.person, _keys(unseen))
        hidden_of = np.minimum(20, np.diff(unseen.indptr)[asked])  # as a page of 20 can hold
        features.append(pairs.features)
        hits.append(hit)
        weighs.append(1 / hidden_of[pairs.row])
    tell("learn", HIDINGS, HIDINGS)
    if not features:
        return prior()
    return learn(np.concatenate(features), np.concatenate(hits), np.concatenate(weighs))


def _only(edges: sp.coo_matrix, chosen: np.ndarray) -> sp.csr_matrix:
    places = edges.row[chosen], edges.col[chosen]
    return sp.csr_matrix((edges.data[chosen], places), edges.shape)


def _keys(matrix: sp.csr_matrix) -> np.ndarray:
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    return rows * matrix.shape[1] + matrix.indices
