"""How well do scores tell two classes apart, and how well do they keep their word?

Labels are 0 or 1, scores and shares 0..1, all of one length.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Bin(NamedTuple):
    """Texts with scores near each other: how many, their mean score, the share with the label."""

    number: int
    said: float
    was: float


def macro_f1(labels: np.ndarray, said: np.ndarray) -> float:
    """The mean of both classes' F1; `said` is boolean."""
    true = labels > 0.5
    return float(np.mean([f1(true == wanted, said == wanted) for wanted in (True, False)]))


def f1(true: np.ndarray, said: np.ndarray) -> float:
    """F1 of the class that `true` marks."""
    return float(2 * (true & said).sum() / max(1, true.sum() + said.sum()))


def reliability(labels: np.ndarray, scores: np.ndarray, bins: int = 10) -> list[Bin]:
    """By equal parts of 0..1; parts without texts are left out."""
    part = np.minimum((scores * bins).astype(int), bins - 1)
    return [
        Bin(int(mine.sum()), float(scores[mine].mean()), float(labels[mine].mean()))
        for each in range(bins)
        if (mine := part == each).any()
    ]


def calibration_error(labels: np.ndarray, scores: np.ndarray) -> float:
    """The expected calibration error over ten equal parts: how far scores are off, on average."""
    found = reliability(labels, scores)
    return sum(each.number * abs(each.said - each.was) for each in found) / len(labels)
