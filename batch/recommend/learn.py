"""How much does each kind of evidence count in this very graph?

A logistic regression on edges that were hidden from the evidence, each person counting the same.
What there are too few hidden edges to tell stays near `PRIOR`, so that the smallest graph has a
sensible order too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from batch.recommend.evidence import FEATURES

PRIOR = {
    "together/share": 1.0, "weighed/share": 0.5, "walk/share": 1.0, "friends/share": 0.5,
    "alike/share": 0.5, "back/share": 0.5, "topics/share": 0.3, "followers_of": 0.05,
}  # fmt: skip
HOLD = 1.0  # how strongly weights are held to the prior, in examples
ITERATIONS = 150
FAR = 2.0  # deviations from the mean; further out nothing was seen that could be learned from


@dataclass(frozen=True)
class Weights:
    """A score is the sum of all features, standardised, times `plain`; then all of them again times
    `own_following`, so that evidence may count differently for who follows few."""

    mean: np.ndarray
    scale: np.ndarray
    plain: np.ndarray

    def score(self, features: np.ndarray) -> np.ndarray:
        return _design(features, self.mean, self.scale) @ self.plain


def prior() -> Weights:
    """Weights that have seen no graph."""
    size = len(FEATURES)
    plain = np.zeros(2 * size, np.float32)
    for name, weight in PRIOR.items():
        plain[FEATURES.index(name)] = weight
    return Weights(np.zeros(size, np.float32), np.ones(size, np.float32), plain)


def learn(features: np.ndarray, hit: np.ndarray, weight: np.ndarray) -> Weights:
    """Weights by which those that were hidden (`hit`) come first. `weight` is of each example."""
    if not hit.any():
        return prior()
    mean = features.mean(0, dtype=np.float64).astype(np.float32)
    spread = features.std(0, dtype=np.float64).astype(np.float32)
    scale = np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0).astype(np.float32)
    design = _design(features, mean, scale)
    at_first = prior().plain.copy()
    at_first[: len(scale)] *= spread
    weight = weight * (len(weight) / weight.sum())

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        score = design @ at[:-1].astype(np.float32) + np.float32(at[-1])
        wrong = (weight * (expit(score) - hit)).astype(np.float32)
        off = at[:-1] - at_first
        total = (weight * (np.logaddexp(0, score) - hit * score)).sum(dtype=np.float64)
        slope = np.append(wrong @ design + HOLD * off, wrong.sum(dtype=np.float64))
        return float(total + HOLD * (off @ off) / 2), slope.astype(np.float64)

    begin = np.append(at_first, -3.0).astype(np.float64)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return Weights(mean, scale, found.x[:-1].astype(np.float32))


def _design(features: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    plain = (features - mean) * scale
    own = np.clip(plain[:, [FEATURES.index("own_following")]], -FAR, FAR)
    return np.hstack([plain, plain * own]).astype(np.float32)
