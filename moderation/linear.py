"""How strongly do the pieces of a text speak for a label, each alone?

Logistic regression over hashed grams: what fast rules can afford (some ten thousand texts a
second), the peer that the encoder has to beat, and a part of what both say together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderation.grams import BUCKETS, grams, weighed, word_bucket


@dataclass(frozen=True)
class Linear:
    """`idf` and `weights` are `[BUCKETS]`."""

    idf: np.ndarray
    weights: np.ndarray
    bias: float

    def logit(self, read: str, signs: Iterable[str] = ()) -> float:
        """How far a reading is on the label's side: above 0 more likely than not."""
        buckets, values = weighed(grams(read, signs), self.idf)
        return float(values @ self.weights[buckets]) + self.bias

    def word(self, word: str) -> float:
        """What a word alone weighs; 0 where it was never seen."""
        at = word_bucket(word)
        return float(self.idf[at] * self.weights[at])

    @classmethod
    def load(cls, file: Path) -> Linear:
        with np.load(file, allow_pickle=False) as stored:
            idf, weights = np.zeros((2, BUCKETS), dtype=np.float32)
            idf[stored["buckets"]] = stored["idf"]
            weights[stored["buckets"]] = stored["weights"]
            return cls(idf, weights, float(stored["bias"]))

    def save(self, file: Path) -> None:
        """Keeps the buckets that were seen, in half precision."""
        seen = np.flatnonzero(self.weights).astype(np.uint32)
        np.savez_compressed(
            file,
            buckets=seen,
            idf=self.idf[seen].astype(np.float16),
            weights=self.weights[seen].astype(np.float16),
            bias=np.float32(self.bias),
        )
