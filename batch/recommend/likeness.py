"""Who is like whom, and how much does it say about a follow?

Made once for a graph, a bounded number of neighbours each:

- `together`: whom else the followers of somebody follow, each follower's word divided by how many
  they follow (the walk of three steps that Paudel and others call RP3, "Updatable, accurate,
  diverse, and scalable recommendations for interactive applications", 2017).
- `alike`: who follows the same people, by cosine with rare followees counting more.
- `weighed`: a linear model for each of the most followed, with its nearest neighbours for inputs:
  what somebody's following each of them, or being followed by each of them, adds. It is the ridge
  regression of EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019) on
  neighbours only, so that its cost does not grow with the cube of the people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from batch.recommend.sparse import BLOCK, degrees, nearest, power, thin, top

FAN = 500  # edges of one person that a product looks at
NEIGHBOURS = 150
INPUTS = 100  # of a linear model
MODELS = 20_000  # of the most followed; the rest are too little known for one
LEAST = 3  # followers for a model
REVERSE = 0.7  # what being followed counts against following, as an input
RIDGE = 50.0


@dataclass(frozen=True)
class Likeness:
    """Rows are people; `weighed` has its inputs as columns: first whom one follows, then by whom
    one is followed."""

    out: sp.csr_matrix
    into: sp.csr_matrix
    together: sp.csr_matrix
    alike: sp.csr_matrix
    weighed: sp.csr_matrix


def likeness(follows: sp.csr_matrix) -> Likeness:
    """Who is like whom in this graph."""
    out, into = thin(follows, FAN), thin(follows.T.tocsr(), FAN)
    following, _ = degrees(out)
    followers, _ = degrees(into)
    together = nearest(
        (power(followers, -1) @ into @ power(following, -1)).tocsr(), out, NEIGHBOURS
    )
    rare = (power(following, -0.5) @ out @ power(followers, -0.5)).tocsr()
    alike = nearest(rare, (into @ power(following, -0.5)).tocsr(), NEIGHBOURS)
    return Likeness(out, into, together, alike, _weighed(out, into, followers))


def inputs(out: sp.csr_matrix, into: sp.csr_matrix) -> sp.csr_matrix:
    """What a linear model looks at: whom each person follows, then who follows them."""
    return sp.hstack([out, into * np.float32(REVERSE)]).tocsr()


def _weighed(out: sp.csr_matrix, into: sp.csr_matrix, followers: np.ndarray) -> sp.csr_matrix:
    people = out.shape[0]
    seen = inputs(out, into)
    squares = np.asarray(seen.multiply(seen).sum(0)).ravel()
    by_input = (power(squares, -0.5) @ seen.T).tocsr()
    targets = np.argsort(-followers, kind="stable")[:MODELS]
    targets = np.sort(targets[followers[targets] >= LEAST])
    # A target's followers are its column; its nearest inputs are not itself.
    chosen = thin(by_input[targets], FAN)
    close = _nearest_inputs(chosen, thin(by_input, FAN).T.tocsr(), targets)
    columns = seen.tocsc()
    compact, word = np.zeros(people, np.int64), np.zeros(people, np.float32)
    values, places, counts = [], [], np.zeros(people, np.int64)
    for row, target in enumerate(targets):
        near = close.indices[close.indptr[row] : close.indptr[row + 1]]
        if not len(near):
            continue
        said = slice(columns.indptr[target], columns.indptr[target + 1])
        word[columns.indices[said]] = columns.data[said]
        gram, with_target = _products_of(columns[:, near], word, compact)
        word[columns.indices[said]] = 0
        gram[np.diag_indices_from(gram)] += RIDGE
        values.append(np.linalg.solve(gram, with_target).astype(np.float32))
        places.append(near)
        counts[target] = len(near)
    if not values:
        return sp.csr_matrix((people, 2 * people), dtype=np.float32)
    begins = np.concatenate([[0], np.cumsum(counts)])
    data = (np.concatenate(values), np.concatenate(places), begins)
    return sp.csr_matrix(data, (people, 2 * people))


def _products_of(
    inputs: sp.csc_matrix, word: np.ndarray, compact: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The products of all inputs with each other, and of each with `word`. Only people whom an
    input knows cost anything: `compact`, a number for everybody, is what numbers those anew."""
    size = inputs.nnz
    compact[inputs.indices] = np.arange(size)  # of several numbers the last one stays
    rows = compact[inputs.indices]
    small = sp.csc_matrix((inputs.data, rows, inputs.indptr), (size, inputs.shape[1]))
    with_word = np.bincount(
        np.repeat(np.arange(inputs.shape[1]), np.diff(inputs.indptr)),
        inputs.data * word[inputs.indices],
        inputs.shape[1],
    )
    return (small.T @ small).toarray().astype(np.float64), with_word


def _nearest_inputs(
    chosen: sp.csr_matrix, others: sp.csr_matrix, targets: np.ndarray
) -> sp.csr_matrix:
    blocks = []
    for first in range(0, len(targets), BLOCK):
        block = (chosen[first : first + BLOCK] @ others).tocsr()
        rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr)) + first
        block.data[block.indices == targets[rows]] = 0
        block.eliminate_zeros()
        blocks.append(top(block, INPUTS))
    return sp.vstack(blocks).tocsr() if blocks else sp.csr_matrix((0, others.shape[1]))
