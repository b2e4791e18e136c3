"""Which steps on sparse matrices cost no more than a number of operations for each edge?

A person followed by a million, or who follows a million, would cost a million squared in a product
of two matrices. So what is multiplied is thinned first: `thin` leaves each row at most so many
entries, always the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

BLOCK = 512  # rows of a product that are in memory at a time


def power(values: np.ndarray, exponent: float) -> sp.dia_matrix:
    """A diagonal of `values ** exponent`, 0 where a value is 0."""
    raised = np.zeros(len(values), np.float32)
    there = values > 0
    raised[there] = values[there] ** exponent
    return sp.diags(raised).tocsr()


def degrees(matrix: sp.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Sums of rows and of columns."""
    return np.asarray(matrix.sum(1)).ravel(), np.asarray(matrix.sum(0)).ravel()


def thin(matrix: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """Leaves rows with more than `most` entries so many of them, chosen by a hash of the place."""
    if matrix.nnz == 0 or np.diff(matrix.indptr).max() <= most:
        return matrix
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.uint64), np.diff(matrix.indptr))
    mixed = (matrix.indices.astype(np.uint64) + rows * np.uint64(0x9E3779B1)) * np.uint64(
        0xBF58476D1CE4E5B9  # the first multiplier of splitmix64
    )
    order = np.lexsort((mixed >> np.uint64(20), rows))
    place = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], np.diff(matrix.indptr))
    kept = np.sort(order[place < most])
    counts = np.minimum(np.diff(matrix.indptr), most)
    begins = np.concatenate([[0], np.cumsum(counts)])
    return sp.csr_matrix((matrix.data[kept], matrix.indices[kept], begins), matrix.shape)


def top(matrix: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """Leaves each row its `most` largest entries."""
    counts = np.diff(matrix.indptr)
    if not len(counts) or counts.max() <= most:
        return matrix
    kept = []
    for row in range(matrix.shape[0]):
        first, end = matrix.indptr[row], matrix.indptr[row + 1]
        if end - first <= most:
            kept.append(np.arange(first, end))
        else:
            kept.append(first + np.argpartition(-matrix.data[first:end], most)[:most])
    chosen = np.concatenate(kept)
    begins = np.concatenate([[0], np.cumsum(np.minimum(counts, most))])
    return sp.csr_matrix((matrix.data[chosen], matrix.indices[chosen], begins), matrix.shape)


def nearest(left: sp.csr_matrix, right: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """The `most` largest of each row of `left @ right`, none of them on the diagonal."""
    if not left.shape[0]:
        return sp.csr_matrix((0, right.shape[1]), dtype=np.float32)
    return sp.vstack([top(block, most) for block in _products(left, right)]).tocsr()


def _products(left: sp.csr_matrix, right: sp.csr_matrix) -> Iterator[sp.csr_matrix]:
    for first in range(0, left.shape[0], BLOCK):
        block = (left[first : first + BLOCK] @ right).tocsr()
        rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr)) + first
        block.data[rows == block.indices] = 0
        block.eliminate_zeros()
        yield block
