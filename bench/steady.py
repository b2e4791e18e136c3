"""What does a full timeline look like that has been written for long?

A string stands somewhere between two cuts. Here every timeline begins at another place, spread
evenly, so that a run of any length sees just its share of cuts.
"""

from __future__ import annotations

from collections.abc import Sequence

import redis

from views.timelines import HEADER_BYTES, WHOLE, pack

CAP = 800
FIRST_ID = 1 << 60  # as long as ids are today
STEP = 1 << 22  # ids of one millisecond share all bits above: these are a millisecond apart


def ids(first: int, number: int) -> list[int]:
    """`number` ids, a millisecond from one to the next."""
    return [FIRST_ID + STEP * n for n in range(first, first + number)]


def in_turns(ids: Sequence[int], in_a_row: int) -> list[int]:
    """The ids as they come where four authors made them in turn, and each is read `in_a_row`.

    >>> in_turns(range(10), 2)
    [0, 4, 1, 5, 2, 6, 3, 7, 8, 9]
    """
    turn = 4 * in_a_row
    turns = (ids[first : first + turn] for first in range(0, len(ids), turn))
    return [id for some in turns for author in range(4) for id in some[author::4]]


def timelines_of(
    client: redis.Redis, layout: str, prefix: str, readers: Sequence[int], slack: int
) -> None:
    """Gives each reader a full timeline of older entries than any of `ids(CAP + slack, ...)`."""
    for at in range(0, len(readers), 100):
        pipe = client.pipeline(transaction=False)
        for n, reader in enumerate(readers[at : at + 100], at):
            key, more = prefix + str(reader), n * 7919 % (slack + 1)
            held = ids(slack - more, CAP + more)
            if layout == "list":
                pipe.rpush(key, *(pack([id]) for id in reversed(held)))
            elif layout == "sorted_set":
                pipe.zadd(key, {pack([id]): id >> 22 for id in held})
            else:
                _string(pipe, key, WHOLE + pack(held))
        pipe.execute()


def _string(pipe: redis.client.Pipeline, key: str, value: bytes) -> None:
    """As the last cut and the appends since then have left it, memory and all."""
    cut = HEADER_BYTES + 8 * CAP
    pipe.set(key, value[:cut])
    if value[cut:]:
        pipe.append(key, value[cut:])
