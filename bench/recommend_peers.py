"""What do simple ways suggest, and the one that is exact and dear? Peers of `batch/recommend`.

popularity    whoever has the most followers
cosine        whom those follow who follow what one follows, by the cosine of their followers
ease          a linear model over all pairs at once (Steck, "Embarrassingly shallow autoencoders
              for sparse data", 2019), with the cube of the people as its cost
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import scipy.sparse as sp

from batch.recommend.graph import Graph
from batch.recommend.sparse import power
from bench.recommend_scores import AT

BLOCK = 256
RIDGE = 200.0  # found most of those tried, see decision 0120
LARGEST = 12_500  # people followed, up to whom the exact one takes minutes and 2 GB

Scores = Callable[[np.ndarray], np.ndarray]
"""Of a block of people, a row each: the score of everybody as their suggestion."""


def popularity(follows: sp.csr_matrix) -> Scores:
    followers = np.asarray(follows.sum(0)).ravel()
    return lambda people: np.tile(followers, (len(people), 1))


def cosine(follows: sp.csr_matrix) -> Scores:
    fair = (follows @ power(np.asarray(follows.sum(0)).ravel(), -0.5)).tocsr()
    back = fair.T.tocsr()
    return lambda people: (fair[people] @ back @ fair).toarray()


def ease(follows: sp.csr_matrix) -> Scores:
    """Raises `MemoryError` where it does not fit."""
    followed = np.flatnonzero(np.asarray(follows.sum(0)).ravel())
    if len(followed) > LARGEST:
        raise MemoryError(f"{len(followed):,} people are followed: EASE would take hours")
    known = follows[:, followed]
    inverse = np.linalg.inv((known.T @ known).toarray() + RIDGE * np.eye(len(followed), dtype="f4"))
    model = inverse / -np.diag(inverse)
    np.fill_diagonal(model, 0)

    def scores(people: np.ndarray) -> np.ndarray:
        made = np.full((len(people), follows.shape[1]), -np.inf, np.float32)
        made[:, followed] = known[people] @ model
        return made

    return scores


PEERS: dict[str, Callable[[sp.csr_matrix], Scores]] = {
    "popularity": popularity,
    "cosine": cosine,
    "ease": ease,
}


def best(graph: Graph, scores: Scores, people: np.ndarray) -> Iterator[tuple[int, list[int]]]:
    """Each person with the first 20 whom they neither follow nor are."""
    for first in range(0, len(people), BLOCK):
        some = people[first : first + BLOCK]
        made = np.asarray(scores(some), np.float32)
        rows = np.repeat(np.arange(len(some)), np.diff(graph.follows.indptr)[some])
        made[rows, graph.follows[some].indices] = -np.inf
        made[np.arange(len(some)), some] = -np.inf
        for person, row in zip(some, made, strict=True):
            near = np.argpartition(-row, AT)[:AT] if len(row) > AT else np.arange(len(row))
            order = near[np.lexsort((near, -row[near]))]
            yield int(person), order[np.isfinite(row[order])].tolist()
