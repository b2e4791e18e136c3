"""How are the entries of a timeline packed, and which of them count?

A timeline is a byte string of entries, each a tweet's id as 8 bytes, the most significant first.
Writers append; order, repeats and tombstones are settled by whoever reads, and by the cut which
keeps a string from growing. Bytes compare as the ids do.

As Redis keeps it, eight bytes come first which say what it holds (`realtime/functions.lua`):

    home timeline   WHOLE: all there is; anything else: somebody is building it
    user timeline   WHOLE: the newest of all there is; PARTIAL: what was written lately. Its entries
                    are in order, each once, so the last bytes are the newest
    pull list       nothing comes first: the ids of the authors whom this reader's reads must pull

A home timeline that is not there says nothing at all: it was never read, or not for long, or Redis
was lost. Whoever reads it builds it; whoever pushes leaves it alone.

>>> settle(pack([3, 1, 2, 3]), cap=2)
[3, 2]
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

ENTRY_BYTES = 8
HEADER_BYTES = 8
WHOLE = bytes(HEADER_BYTES)
PARTIAL = b"\xff" * HEADER_BYTES


def pack(ids: Iterable[int]) -> bytes:
    """Entries for these ids, in the order given."""
    ids = list(ids)
    return struct.pack(f">{len(ids)}Q", *ids)


def unpack(entries: bytes) -> list[int]:
    """The ids as they were appended. Raises `struct.error` where bytes are missing."""
    return list(struct.unpack(f">{len(entries) // ENTRY_BYTES}Q", entries))


def settle(entries: bytes, *, cap: int) -> list[int]:
    """The newest `cap` ids, each once, newest first."""
    # Nearly in order, they are sorted in no time; a set would lose that order.
    return list(dict.fromkeys(sorted(unpack(entries), reverse=True)))[:cap]


def is_whole(value: bytes | None) -> bool:
    """Whether a timeline as Redis keeps it, or None, holds all that it should."""
    return value is not None and value.startswith(WHOLE)


def entries_of(value: bytes | None) -> bytes:
    """The entries of a timeline as Redis keeps it."""
    return value[HEADER_BYTES:] if value else b""


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


def pulls_prefix(bucket: int) -> str:
    """Pull lists of a bucket: the key is the prefix and the reader's id in decimal."""
    return f"pl:{{{bucket}}}:"


def home_key(user_id: int, buckets: int) -> str:
    return f"{home_prefix(bucket_of(user_id, buckets))}{user_id}"


def user_key(author_id: int, buckets: int) -> str:
    return f"{user_prefix(bucket_of(author_id, buckets))}{author_id}"


def pulls_key(user_id: int, buckets: int) -> str:
    return f"{pulls_prefix(bucket_of(user_id, buckets))}{user_id}"


def reads_key(user_id: int, buckets: int) -> str:
    """How often the home timeline was read since that was last reported."""
    return f"rd:{{{bucket_of(user_id, buckets)}}}:{user_id}"
