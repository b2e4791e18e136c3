"""How offensive is a text?

Weighed by its words and runs of letters (`moderation/linear.py`). A text with disguised words is
read both ways, and the worse reading counts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.disguises import undisguised
from moderation.linear import Linear
from moderation.reading import reading
from moderation.scaling import Scaling

MODEL = Path(__file__).parent / "model"
WEIGHTY = 2.0  # of a word alone: from here on it is looked for under a disguise


@dataclass(frozen=True)
class Toxicity:
    words: Linear
    scaling: Scaling

    @classmethod
    def load(cls, folder: Path = MODEL, threads: int = 1) -> Toxicity:
        scalings = json.loads((folder / "scalings.json").read_text())
        return cls(Linear.load(folder / "toxicity.npz"), Scaling(**scalings["toxicity"]))

    def of(self, texts: Sequence[str]) -> list[float]:
        """0..1 each; from 0.5 on it is taken for offensive."""
        return [self.scaling(max(map(self.words.logit, self._readings(text)))) for text in texts]

    def _readings(self, text: str) -> list[str]:
        read = reading(text)
        bare = undisguised(read, self._weighs)
        return [read] if bare == read else [read, bare]

    def _weighs(self, word: str) -> bool:
        return self.words.word(word) >= WEIGHTY
