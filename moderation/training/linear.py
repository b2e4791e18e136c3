"""How do the linear models get their weights?

Logistic regression by scikit-learn over the very grams that serving weighs (`moderation/grams.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from moderation.grams import BUCKETS, grams, weighed
from moderation.linear import Linear

Blocks = tuple[Counter[int], Counter[int]]


def fit(
    readings: Sequence[str],
    labels: np.ndarray,
    *,
    strength: float,
    signs: Sequence[Sequence[str]] | None = None,
    trust: np.ndarray | None = None,
) -> Linear:
    """A model of `labels` (0 or 1). `strength` is scikit-learn's C, `trust` a weight a text."""
    signs = signs or [()] * len(readings)
    counted = [grams(read, more) for read, more in zip(readings, signs, strict=True)]
    idf = rarity(counted)
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=300)
    model.fit(matrix(counted, idf), labels > 0.5, sample_weight=trust)
    return Linear(idf, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def rarity(counted: Sequence[Blocks]) -> np.ndarray:
    """The smoothed inverse document frequency of each bucket; 0 where it was seen once or never."""
    seen = np.zeros(BUCKETS, dtype=np.float32)
    for words, letters in counted:
        seen[[*words, *letters]] += 1
    found = np.log((1 + len(counted)) / (1 + seen)) + 1
    return np.where(seen > 1, found, 0).astype(np.float32)


def matrix(counted: Sequence[Blocks], idf: np.ndarray) -> csr_matrix:
    """One row a text, `[texts, BUCKETS]`."""
    rows = [weighed(blocks, idf) for blocks in counted]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    columns = np.concatenate([buckets for buckets, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), BUCKETS))
