"""How does a row of a StateView lie in Redis?

A row is its log position in 8 bytes, then the row as JSON without its nulls. Nothing after the
position is a tombstone: it keeps an older put from coming back. Functions on the server compare
positions, so whoever writes last by the log wins, however often and in which order.

Most rows have a key of their own. Whom somebody blocks, mutes or is blocked by lies in one hash a
person, and whom they follow in another, so that one command says how a reader stands to all authors
of a page; as whom a list follows, its members. Such a hash holds what was written lately, and all
there is once its field `loaded` says so. Whom they follow is only kept of those who read, and of
lists that are read (docs/decisions/0073-whom-a-reader-follows.md).

>>> unpack_row(pack_row(7, {"id": 1, "lang": None}))
(7, b'{"id":1}')
>>> unpack_row(pack_row(8, None))
(8, None)
>>> from views.contract import Delete
>>> put("blocking", Delete((1, 2)), pos=3, ttl_s=60)
('edge_put', 1, 'rel:1', 60, 'b:2', b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x03')
>>> put("following", Delete((1, 2)), pos=3, ttl_s=60)[:5]
('edge_put_there', 1, 'fo:1', 60, '2')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from views.contract import Change, Put
from views.moderation_states import IN_REDIS, SCORE

POSITION_BYTES = 8

_encode = msgspec.json.Encoder().encode


def tweet_key(id: int) -> str:
    return f"tw:{id}"


def user_key(id: int) -> str:
    return f"us:{id}"


def retweet_key(author_id: int, tweet_id: int) -> str:
    return f"rt:{author_id}:{tweet_id}"


def list_key(id: int) -> str:
    return f"ls:{id}"


def moderation_key(tweet_id: int) -> str:
    return f"mo:{tweet_id}"


def relations_key(user_id: int) -> str:
    return f"rel:{user_id}"


def following_key(user_id: int) -> str:
    return f"fo:{user_id}"


def members_key(list_id: int) -> str:
    return f"lm:{list_id}"


LOADED, LOADING = "loaded", "loading"
BLOCKS, BLOCKED_BY, MUTES = "b", "B", "m"


def relation_field(sort: str, other_id: int) -> str:
    """The field that says how the person of the hash stands to the other one."""
    return f"{sort}:{other_id}"


@dataclass(frozen=True)
class Place:
    """Where the rows of a view lie in Redis: `key` and, in a hash, `field` of a row's key."""

    key: Callable[[Any], str]
    example: Any
    """A key of the view; all that is in Redis of it begins as this one's does."""
    field: Callable[[Any], str] | None = None
    bare: bool = False
    """A row says that it stands, and no more."""
    columns: tuple[str, ...] | None = None
    """These alone lie in Redis; None: all."""
    of_readers: bool = False
    """The speed layer writes only into hashes that are there: who reads has made them."""

    def value(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """What of a row lies in Redis."""
        if self.bare:
            return {}
        return row if self.columns is None else {name: row[name] for name in self.columns}

    @property
    def pattern(self) -> str:
        return self.key(self.example).partition(":")[0] + ":*"


def _related(sort: str) -> Place:
    return Place(
        lambda key: relations_key(key[0]), (0, 0), lambda key: relation_field(sort, key[1])
    )


def _followed(key_of: Callable[[int], str]) -> Place:
    return Place(
        lambda key: key_of(key[0]), (0, 0), lambda key: str(key[1]), bare=True, of_readers=True
    )


PLACES: Mapping[str, Place] = {
    "tweets": Place(tweet_key, 0),
    "users": Place(user_key, 0),
    "retweets": Place(lambda key: retweet_key(*key), (0, 0)),
    "lists": Place(list_key, 0),
    "blocking": _related(BLOCKS),
    "blocked_by": _related(BLOCKED_BY),
    "muting": _related(MUTES),
    "moderation_states": Place(
        lambda key: moderation_key(key[0]),
        (0, SCORE),
        lambda key: str(key[1]),
        columns=IN_REDIS,
    ),
    "following": _followed(following_key),
    "list_members": _followed(members_key),
}
"""By view. User timelines lie in Redis too, but packed: `views.timelines`."""


def put(
    view: str, change: Change, *, pos: int, ttl_s: int, reader: bool = False
) -> tuple[Any, ...]:
    """The call of Redis's function that writes the change; empty where Redis has no such rows.

    With `reader`, it is the reader's own, who waits to see it: a hash that is not there is begun.
    """
    place = PLACES.get(view)
    if place is None:
        return ()
    value = pack_row(pos, place.value(change.row) if isinstance(change, Put) else None)
    key = place.key(change.key)
    if place.field is None:
        return "state_put", 1, key, value, ttl_s
    function = "edge_put_there" if place.of_readers and not reader else "edge_put"
    return function, 1, key, ttl_s, place.field(change.key), value


def pack_row(pos: int, row: Mapping[str, Any] | None) -> bytes:
    """The stored value of a put, or of a delete where `row` is None."""
    head = pos.to_bytes(POSITION_BYTES, "big")
    if row is None:
        return head
    return head + _encode({name: value for name, value in row.items() if value is not None})


def unpack_row(value: bytes) -> tuple[int, bytes | None]:
    """The position and the row's JSON, or None in its place for a tombstone."""
    return int.from_bytes(value[:POSITION_BYTES], "big"), value[POSITION_BYTES:] or None
