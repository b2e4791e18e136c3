"""Who follows whom?

How many an account follows and how many follow it are both log-normal, with the spread that was
measured; the means shrink with the number of accounts, since in a small world one can only follow
those there are.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from itertools import accumulate

from ingest.generator.measured import Measured


def mean_following(users: int, measured: Measured) -> float:
    """How many an account follows on average: as in a community, at most as in the wide world."""
    return min(measured.density * users, measured.following.mean)


def follow_graph(
    seed: str, users: int, measured: Measured, following: float | None = None
) -> list[list[int]]:
    """The followees of each user, in the order of following. `following` is the mean to aim for."""
    chance = random.Random(f"{seed}/graph")
    mean = mean_following(users, measured) if following is None else following
    fame = [measured.followers.draw(chance) for _ in range(users)]
    heaped = list(accumulate(fame))
    graph = []
    for user in range(users):
        wanted = round(mean * measured.following.draw(chance) / measured.following.mean)
        number = min(max(wanted, 1), users - 1)
        crowded = number * 8 > users
        graph.append(
            _all_weighed(user, number, fame, chance)
            if crowded
            else _sifted(user, number, heaped, chance)
        )
    return graph


def _all_weighed(user: int, number: int, fame: list[float], chance: random.Random) -> list[int]:
    """`number` others drawn without replacement by their fame: one draw an account.

    The largest of `random ** (1 / fame)` are such a draw (Efraimidis and Spirakis, 2006).
    """
    keys = ((math.log(1 - chance.random()) / w, u) for u, w in enumerate(fame) if u != user)
    return [u for _, u in sorted(keys, reverse=True)[:number]]


def _sifted(user: int, number: int, heaped: list[float], chance: random.Random) -> list[int]:
    """The same by drawing with repeats and leaving them out: cheap where few are wanted of many."""
    chosen: dict[int, None] = {}
    for _ in range(50 * number):  # a few giants can take nearly all draws: then a few less follow
        other = min(bisect_right(heaped, chance.random() * heaped[-1]), len(heaped) - 1)
        if other != user:
            chosen[other] = None
        if len(chosen) == number:
            break
    return list(chosen)
