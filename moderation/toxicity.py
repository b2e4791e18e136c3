"""How offensive is a text?

What the encoder makes of the whole text (`moderation/encoder.py`) and what its words and runs of
letters weigh alone (`moderation/linear.py`), together. A text with disguised words is read both
ways, and the worse reading counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.disguises import undisguised
from moderation.encoder import Encoder
from moderation.linear import Linear
from moderation.reading import reading
from moderation.scaling import MODEL, Scaling

WEIGHTY = 5.0  # of a word alone: from here on it is looked for under a disguise


@dataclass(frozen=True)
class Toxicity:
    encoder: Encoder
    words: Linear
    scaling: Scaling

    @classmethod
    def load(cls, folder: Path = MODEL, threads: int = 1) -> Toxicity:
        return cls(
            Encoder(folder / "encoder.onnx", folder / "tokenizer.json", threads),
            Linear.load(folder / "toxicity.npz"),
            Scaling.load(folder, "toxicity"),
        )

    def of(self, texts: Sequence[str]) -> list[float]:
        """0..1 each; from 0.5 on it is taken for offensive."""
        ways = [self.readings(text) for text in texts]
        flat = [read for each in ways for read in each]
        scores = iter(map(self.scaling, self.encoder.logits(flat), map(self.words.logit, flat)))
        return [max(next(scores) for _ in each) for each in ways]

    def readings(self, text: str) -> list[str]:
        """How the text reads, and how it reads without disguises where that differs."""
        read = reading(text)
        bare = undisguised(read, self.is_weighty)
        return [read] if bare == read else [read, bare]

    def is_weighty(self, word: str) -> bool:
        return self.words.word(word) >= WEIGHTY
