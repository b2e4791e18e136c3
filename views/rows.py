"""How does a row of a StateView lie in Redis?

A row is its log position in 8 bytes, then the row as JSON without its nulls. Nothing after the
position is a tombstone: it keeps an older put from coming back. The function `state_put` compares
positions on the server, so whoever writes last by the log wins, however often and in which order.

>>> unpack_row(pack_row(7, {"id": 1, "lang": None}))
(7, b'{"id":1}')
>>> unpack_row(pack_row(8, None))
(8, None)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

POSITION_BYTES = 8

_encode = msgspec.json.Encoder().encode


def tweet_key(id: int) -> str:
    return f"tw:{id}"


def user_key(id: int) -> str:
    return f"us:{id}"


def retweet_key(author_id: int, tweet_id: int) -> str:
    return f"rt:{author_id}:{tweet_id}"


REDIS_KEYS: Mapping[str, Callable[[Any], str]] = {
    "tweets": tweet_key,
    "users": user_key,
    "retweets": lambda key: retweet_key(*key),
}
"""By view, the key of a row. User timelines lie in Redis too, but packed: `views.timelines`."""


def pack_row(pos: int, row: Mapping[str, Any] | None) -> bytes:
    """The stored value of a put, or of a delete where `row` is None."""
    head = pos.to_bytes(POSITION_BYTES, "big")
    if row is None:
        return head
    return head + _encode({name: value for name, value in row.items() if value is not None})


def unpack_row(value: bytes) -> tuple[int, bytes | None]:
    """The position and the row's JSON, or None in its place for a tombstone."""
    return int.from_bytes(value[:POSITION_BYTES], "big"), value[POSITION_BYTES:] or None
