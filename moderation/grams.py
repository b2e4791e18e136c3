"""Which pieces of a text does a linear model weigh?

Words, pairs of words, and runs of two to five letters within a word (which survive misspelling),
each hashed to a bucket: no vocabulary has to be kept, and none can be read out of a model file.
Words and letters are two blocks of unit length, so that a long text does not count more than a
short one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from zlib import crc32

import numpy as np
import regex

BUCKETS = 2**18
LETTERS = range(2, 6)

_WORD = regex.compile(r"[\w'’@]+|[^\w\s]+")


def grams(read: str, signs: Iterable[str] = ()) -> tuple[Counter[int], Counter[int]]:
    """How often each bucket is hit by words (and `signs`, further words), and by letters.

    >>> words, letters = grams("so so good")
    >>> sorted(words.values()), sum(letters.values())
    ([1, 1, 1, 2], 26)
    """
    words = _WORD.findall(read)
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    wide = [f" {word} " for word in words]
    runs = [word[i : i + n] for word in wide for n in LETTERS for i in range(len(word) - n + 1)]
    return (
        Counter([_bucket(b"w", each) for each in [*words, *pairs, *signs]]),
        Counter([_bucket(b"l", each) for each in runs]),
    )


def weighed(blocks: Iterable[Counter[int]], idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Buckets and their values: logarithms of counts by rarity; a block has length 1.

    `idf` `[BUCKETS]` holds the rarity of each bucket.
    """
    buckets, values = [], []
    for block in blocks:
        at = np.fromiter(block, dtype=np.int64, count=len(block))
        said = np.fromiter((1 + math.log(n) for n in block.values()), dtype=np.float32)
        found = said * idf[at]
        buckets.append(at)
        values.append(found / (np.linalg.norm(found) or 1.0))
    return np.concatenate(buckets), np.concatenate(values)


def word_bucket(word: str) -> int:
    """The bucket of a word that stands alone."""
    return _bucket(b"w", word)


def _bucket(kind: bytes, gram: str) -> int:
    return crc32(kind + gram.encode()) % BUCKETS
