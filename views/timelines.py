"""How are the entries of a timeline packed, and which of them count?

A timeline is a byte string of entries, each a tweet's id as 8 bytes, the most significant first.
Writers append; order, repeats and tombstones are settled by whoever reads, and by the cut which
keeps a string from growing. Bytes compare as the ids do.

>>> settle(pack([3, 1, 2, 3]), cap=2)
[3, 2]
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

ENTRY_BYTES = 8


def pack(ids: Iterable[int]) -> bytes:
    """Entries for these ids, in the order given."""
    ids = list(ids)
    return struct.pack(f">{len(ids)}Q", *ids)


def unpack(entries: bytes) -> list[int]:
    """The ids as they were appended. Raises `struct.error` where bytes are missing."""
    return list(struct.unpack(f">{len(entries) // ENTRY_BYTES}Q", entries))


def settle(entries: bytes, *, cap: int) -> list[int]:
    """The newest `cap` ids, each once, newest first."""
    return sorted(set(unpack(entries)), reverse=True)[:cap]


def bucket_of(user_id: int, buckets: int) -> int:
    """The bucket of a user's timelines.

    Ids made in different milliseconds mostly share their low bits, so they are spread first, by
    Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4).
    """
    return ((user_id * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32) % buckets


def home_prefix(bucket: int) -> str:
    """Home timelines of a bucket: the key is the prefix and the reader's id in decimal."""
    return f"tl:{{{bucket}}}:"


def user_prefix(bucket: int) -> str:
    """User timelines of a bucket: the key is the prefix and the author's id in decimal."""
    return f"ut:{{{bucket}}}:"


def home_key(user_id: int, buckets: int) -> str:
    return f"{home_prefix(bucket_of(user_id, buckets))}{user_id}"


def user_key(author_id: int, buckets: int) -> str:
    return f"{user_prefix(bucket_of(author_id, buckets))}{author_id}"
