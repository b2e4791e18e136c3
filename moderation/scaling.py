"""How does a model's logit become a score that means what it says, and that 0.5 decides well?

A logistic curve, fitted to labelled texts that the model has not seen, gives the share of such
texts that have the label. What is rarer than every second text is best told apart below a half: the
share `cut`, where both classes are told apart best (macro-F1), becomes the score 0.5, and shares
from 0.7 on, at which somebody is asked or a text is blocked, stay as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FAITHFUL = 0.7  # from here on a score is the share itself


@dataclass(frozen=True)
class Scaling:
    slope: float = 1.0
    shift: float = 0.0
    cut: float = 0.5

    def share(self, logit: float) -> float:
        """The share of texts with this logit that have the label."""
        bent = self.slope * logit + self.shift
        return 1 / (1 + math.exp(-bent)) if bent >= 0 else 1 - 1 / (1 + math.exp(bent))

    def __call__(self, logit: float) -> float:
        """The score, 0..1, rising with the logit.

        >>> Scaling()(0.0), Scaling(shift=math.log(0.4 / 0.6), cut=0.4)(0.0)
        (0.5, 0.5)
        """
        share = self.share(logit)
        if share >= FAITHFUL:
            return share
        if share < self.cut:
            return 0.5 * share / self.cut
        return 0.5 + (share - self.cut) * (FAITHFUL - 0.5) / (FAITHFUL - self.cut)
