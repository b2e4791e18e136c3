"""By which name does an analyst know somebody?

An id becomes the keyed BLAKE2b (RFC 7693) of its decimal, of which 63 bits are kept: the same
wherever the id stands, so tables join, and not to be found by trying all ids without the key. Among
ten million ids two share one with a chance of 5 in a million (n squared / 2 to the 64th). Another
key (`STARLING_PSEUDONYM_KEY`) gives everybody another name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from settings import Settings, made_once

KEPT = 2**18  # pseudonyms a table's stream remembers: one costs ten times a look-up
NOBODY = "0"  # in a list of mentions; it stays as it is


def key_of(settings: Settings) -> str:
    """The configured key, else one made once and kept in the state folder."""
    return settings.pseudonym_key or made_once(settings.state_dir / "analysts" / "pseudonym.key")


class Pseudonyms:
    """The pseudonyms under one key. Raises `ValueError` for a key that could be guessed."""

    def __init__(self, key: str) -> None:
        if len(key) < 32:
            raise ValueError("STARLING_PSEUDONYM_KEY has at least 32 characters")
        self._key = blake2b(key.encode(), digest_size=32).digest()
        self._of = lru_cache(KEPT)(self._make)

    def of(self, id: int) -> int:
        """The pseudonym of an id, 0 to 2^63 - 1."""
        return self._of(str(id))

    def column(self, values: pa.Array) -> pa.Array:
        """A column of ids with a pseudonym for each; of text, for each part between commas."""
        if pa.types.is_integer(values.type):
            return each(values, lambda id: self._of(str(id)), pa.int64())
        if pa.types.is_binary(values.type):
            return each(values, lambda ids: self._list(ids.decode("latin-1")), pa.string())
        return each(values, self._list, pa.string())

    def _list(self, ids: str) -> str:
        return ",".join(str(self._of(id)) for id in ids.split(",")) if ids else ids

    def _make(self, id: str) -> int:
        if id == NOBODY:
            return 0
        digest = blake2b(id.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1


def each(values: pa.Array, of: Callable[[Any], object], type: pa.DataType) -> pa.Array:
    """`of` each value that is there, worked out once for those that are the same."""
    distinct = pc.dictionary_encode(values)
    made = [None if value is None else of(value) for value in distinct.dictionary.to_pylist()]
    return pa.array(made, type).take(distinct.indices)
