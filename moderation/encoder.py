"""How strongly does a whole text, in its order and context, speak for offence?

A BERT of twelve layers, its weights in eight bits, run by ONNX Runtime on the processor. Texts go
through it one by one, on a thread each: without padding that is as fast as batches, and a text's
score does not depend on its company, so that the speed layer and the batch layer say the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from moderation.session import session

TOKENS = 96  # of a text, from its beginning; a tweet has 32 on average


class Encoder:
    """Safe to share between threads. `threads` texts are read at once."""

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # threads here are ours
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._session = session(model)
        self._pool = ThreadPoolExecutor(threads, "encoder") if threads > 1 else None

    def logits(self, readings: Sequence[str]) -> list[float]:
        """One a reading; above 0 more likely offensive than not, before calibration."""
        encoded = [self.tokens(read) for read in readings]
        if self._pool is None or len(encoded) == 1:
            return [self.logit(ids) for ids in encoded]
        return list(self._pool.map(self.logit, encoded))

    def tokens(self, read: str) -> list[int]:
        """The ids of a reading's tokens, at most `TOKENS`, the marks of its ends included."""
        ids = self._tokenizer.encode(read).ids
        return ids if len(ids) <= TOKENS else [*ids[: TOKENS - 1], ids[-1]]

    def logit(self, ids: Sequence[int]) -> float:
        """The logit of a reading's tokens."""
        tokens = np.array([ids], dtype=np.int64)
        given = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        (logit,) = self._session.run(None, given)
        return float(logit[0, 0])
