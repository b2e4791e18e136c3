"""How much does a text look like an advertisement nobody asked for?

By its words and by the signs of `moderation/spam_signs.py`. How its sender behaves is said by
`moderation/behaviour.py`; the scorer takes both together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moderation.linear import Linear
from moderation.reading import reading
from moderation.scaling import MODEL, Scaling
from moderation.spam_signs import spam_signs, without_digits


@dataclass(frozen=True)
class Spam:
    model: Linear
    scaling: Scaling

    @classmethod
    def load(cls, folder: Path = MODEL) -> Spam:
        return cls(Linear.load(folder / "spam.npz"), Scaling.load(folder, "spam"))

    def of(self, text: str) -> float:
        """0..1; from 0.5 on more likely spam than not."""
        return self.scaling(self.logit(text))

    def logit(self, text: str) -> float:
        return self.model.logit(without_digits(reading(text)), spam_signs(text))
