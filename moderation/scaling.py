"""How do models' logits become a score that means what it says, and that 0.5 decides well?

A logistic curve over the logits, fitted to labelled texts that the models have not seen, gives the
share of such texts that have the label. What is rarer than every second text is best told apart
below a half: the share `cut`, where both classes are told apart best (macro-F1), becomes the score
0.5, and shares from 0.7 on, at which somebody is asked or a text is blocked, stay as they are.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

FAITHFUL = 0.7  # from here on a score is the share itself
MODEL = Path(__file__).parent / "model"  # the folder of all models that scores come from
FILE = "scalings.json"  # in it


@dataclass(frozen=True)
class Scaling:
    """`slopes` has one number a model whose logit is given."""

    slopes: tuple[float, ...] = (1.0,)
    shift: float = 0.0
    cut: float = 0.5

    @classmethod
    def load(cls, folder: Path, name: str) -> Scaling:
        found = json.loads((folder / FILE).read_text())[name]
        return cls(tuple(found["slopes"]), found["shift"], found["cut"])

    def share(self, *logits: float) -> float:
        """The share of texts with these logits that have the label."""
        bent = self.shift + sum(a * b for a, b in zip(self.slopes, logits, strict=True))
        return 1 / (1 + math.exp(-bent)) if bent >= 0 else 1 - 1 / (1 + math.exp(bent))

    def __call__(self, *logits: float) -> float:
        """The score, 0..1.

        >>> Scaling()(0.0), Scaling((1, 2), shift=math.log(0.4 / 0.6), cut=0.4)(2.0, -1.0)
        (0.5, 0.5)
        """
        share = self.share(*logits)
        if share >= FAITHFUL:
            return share
        if share < self.cut:
            return 0.5 * share / self.cut
        return 0.5 + (share - self.cut) * (FAITHFUL - 0.5) / (FAITHFUL - self.cut)
