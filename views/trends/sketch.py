"""How often was a tag used that hardly anybody uses? A Count-Min Sketch.

After Cormode and Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch and its
Applications" (2005). `DEPTH` rows of `WIDTH` counters; a use adds one to a counter of each row,
chosen by a hash of the tag; the estimate is the least of its counters. It is never too low, and
with probability 1 - e**-DEPTH (0.993) too high by at most e / WIDTH (0.00027) of all uses.

Sketches merge by adding counters, so each counter is a key of a fold, merged by SUM as any count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

WIDTH = 10_000  # the source's
DEPTH = 5  # the source's


def cells(tag: str) -> Iterator[int]:
    """The counter of each row, as a number below `WIDTH * DEPTH`."""
    digest = hashlib.blake2b(tag.encode(), digest_size=4 * DEPTH).digest()
    for row in range(DEPTH):
        yield row * WIDTH + int.from_bytes(digest[4 * row : 4 * row + 4], "big") % WIDTH


def estimate(tag: str, counter: Callable[[int], int]) -> int:
    """Uses of the tag, where `counter(cell)` is what the sketch holds there."""
    return min(counter(cell) for cell in cells(tag))
