"""How often was a tag used that hardly anybody uses? A Count-Min Sketch.

After Cormode and Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch and its
Applications" (2005). `DEPTH` rows of `WIDTH` counters; a use adds one to a counter of each row,
chosen by a hash of the tag; the estimate is the least of its counters. It is never too low, and
with probability 1 - e**-DEPTH (0.993) too high by at most e / WIDTH (0.00027) of all uses.

Sketches merge by adding counters, so each counter is a key of a fold, merged by SUM as any count
(`views/tag_sketch.py`). Beside them the counter `ALL` has all uses, by which the bound is reckoned.

>>> from collections import Counter
>>> counters = Counter(contributed("#Café, #cafe! #storm") + contributed("#storm"))
>>> estimate("Storm", counters.__getitem__), counters[ALL], bound(counters[ALL])
(2, 3, 1)
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator

from ingest.events.words import plain
from views.trends.uses import tags_of

WIDTH = 10_000  # the source's
DEPTH = 5  # the source's
ALL = WIDTH * DEPTH  # the counter of all uses
CONFIDENCE = 1 - math.exp(-DEPTH)


def cells(tag: str) -> Iterator[int]:
    """The counter of each row, as a number below `ALL`. Tags are the same as they are in search:
    without case, width and accents."""
    digest = hashlib.blake2b(plain(tag).encode(), digest_size=4 * DEPTH).digest()
    for row in range(DEPTH):
        yield row * WIDTH + int.from_bytes(digest[4 * row : 4 * row + 4], "big") % WIDTH


def estimate(tag: str, counter: Callable[[int], int]) -> int:
    """Uses of the tag, where `counter(cell)` is what the sketch holds there."""
    return min(counter(cell) for cell in cells(tag))


def bound(all_uses: int) -> int:
    """Estimates are too high by no more than this, each with probability `CONFIDENCE`."""
    return math.ceil(math.e / WIDTH * all_uses)


def contributed(text: str) -> list[int]:
    """The counters that a tweet adds one to each, one as often as it is there. A tweet that repeats
    a tag uses it once."""
    found: list[int] = []
    for tag in dict.fromkeys(map(plain, tags_of(text))):
        found += (*cells(tag), ALL)
    return found
