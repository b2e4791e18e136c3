"""Which logistic curve and which cut fit some models, by texts they have not seen?"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from moderation.scaling import FAITHFUL, Scaling


def fit(logits: np.ndarray, labels: np.ndarray) -> Scaling:
    """Platt's curve over `logits`, `[texts, models]`, and the cut with the best macro-F1 that its
    shares themselves expect.

    The expectation is smooth where the count of right answers is not: it does not follow chance.
    """
    curve = LogisticRegression(C=100.0).fit(logits, labels > 0.5)
    slopes = tuple(round(float(slope), 4) for slope in curve.coef_[0])
    scaling = Scaling(slopes, round(float(curve.intercept_[0]), 4))
    shares = np.array([scaling.share(*each) for each in logits])
    cuts = np.linspace(0.2, FAITHFUL - 0.05, 91)
    best = max(cuts, key=lambda cut: _expected(shares, cut))
    return Scaling(slopes, scaling.shift, round(float(best), 3))


def _expected(shares: np.ndarray, cut: float) -> float:
    said = shares >= cut
    found = []
    for share, chosen in ((shares, said), (1 - shares, ~said)):
        found.append(2 * share[chosen].sum() / max(1e-9, share.sum() + chosen.sum()))
    return float(np.mean(found))
