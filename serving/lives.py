"""How long do timelines live in Redis, and who renews one before it ends?

What was made together does not end together: lives differ by a tenth. And a user timeline that many
read does not end under them: in the last tenth of its life the readers look, now and then, how long
it has left, and whoever finds it near its end has it read anew from Cassandra. The more it is read
the sooner that happens; one that is hardly read may end, and costs its next reader one question.

One look among `LOOKED_AT` reads costs next to nothing, where asking at each would be as dear as the
reading.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

JITTER = 0.1  # of a life, longer at most
EARLY = 0.1  # of a life: how much of it must be left
LOOKED_AT = 64  # reads of which one looks


def jittered(seconds: int) -> int:
    """A time to live that begins with others' and does not end with them."""
    return random.randint(seconds, seconds + int(seconds * JITTER))


def looked_at(ids: Sequence[int]) -> list[int]:
    """Those of whom this read finds out how long they have left."""
    return [id for id in ids if random.randrange(LOOKED_AT) == 0]


def ends_soon(left_s: int, life_s: int) -> bool:
    """`left_s` is what Redis says: negative where there is no end, or nothing there.

    >>> [ends_soon(left, 1_000) for left in (-2, -1, 5, 99, 100)]
    [False, False, True, True, False]
    """
    return 0 <= left_s < life_s * EARLY
