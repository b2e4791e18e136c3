"""Which keys are looked at where all would be too many? The same ones in every store.

Chosen by a hash of the key (Fibonacci hashing, as in `views.timelines`), so that engines and stores
agree on the sample without talking to each other.

>>> keys = pa.table({"id": [2**60 + n for n in range(6)]})
>>> keys.filter(sampled("id", 0.5)).column("id").to_pylist() == [
...     key for key in keys.column("id").to_pylist() if in_sample(key, 0.5)
... ]
True
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

MULTIPLIER = 0x9E3779B97F4A7C15
HASHES = 2**64


def in_sample(key: int, share: float) -> bool:
    """Whether a key belongs to a sample of that share."""
    return (key * MULTIPLIER & HASHES - 1) < share * HASHES


def sampled(column: str, share: float) -> pc.Expression:
    """The rows of a dataset whose key, in that column, belongs to the sample."""
    key = pc.field(column).cast(pa.uint64(), safe=False)
    limit = min(int(share * HASHES), HASHES - 1)
    return pc.multiply(key, pa.scalar(MULTIPLIER, pa.uint64())) < pa.scalar(limit, pa.uint64())
