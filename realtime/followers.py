"""Who follows this author, in chunks that one Redis function call each can write?

A chunk is the ids of up to `size` readers of one bucket, in decimal, with a space on either side:
exactly what `timeline_push` takes. A chunk that outgrows its size is split in two by the next bit
of its readers' hashes, as in extendible hashing (Fagin and others, 1979). So a follow reads and
writes one chunk and a few markers, however many followers an author has.

>>> followers = Followers(DictOfChunks(), buckets=1, size=2)
>>> [followers.add(reader) for reader in (1, 2, 2, 3)]
[True, True, False, True]
>>> sorted(reader for _, chunk in followers.chunks() for reader in chunk.split())
['1', '2', '3']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from views.timelines import bucket_of

SPLIT = "/"  # stands where a chunk was before it was split
GOLDEN = 0x9E3779B97F4A7C15  # Fibonacci hashing, as in views.timelines.bucket_of


class Chunks(Protocol):
    """What of Flink's MapState is used: chunks by their place, `bucket:path`."""

    def get(self, place: str) -> str | None: ...

    def put(self, place: str, chunk: str) -> None: ...

    def remove(self, place: str) -> None: ...

    def items(self) -> Iterable[tuple[str, str]]: ...


class DictOfChunks(dict[str, str]):
    """Chunks in memory, for tests and examples."""

    def put(self, place: str, chunk: str) -> None:
        self[place] = chunk

    def remove(self, place: str) -> None:
        del self[place]


class Followers:
    """The followers of one author."""

    def __init__(self, chunks: Chunks, *, buckets: int, size: int) -> None:
        self._chunks, self._buckets, self._size = chunks, buckets, size

    def __contains__(self, reader: int) -> bool:
        return f" {reader} " in self._find(reader)[1]

    def add(self, reader: int) -> bool:
        """Whether the reader is new; adding one a second time changes nothing."""
        place, chunk = self._find(reader)
        if f" {reader} " in chunk:
            return False
        self._put(place, f"{chunk or ' '}{reader} ")
        return True

    def remove(self, reader: int) -> bool:
        """Whether the reader was there."""
        place, chunk = self._find(reader)
        if f" {reader} " not in chunk:
            return False
        rest = chunk.replace(f" {reader} ", " ")
        if rest == " ":
            self._chunks.remove(place)
        else:
            self._chunks.put(place, rest)
        return True

    def chunks(self) -> Iterator[tuple[int, str]]:
        """Each chunk with its bucket."""
        for place, chunk in self._chunks.items():
            if chunk != SPLIT:
                yield int(place[: place.index(":")]), chunk

    def _find(self, reader: int) -> tuple[str, str]:
        """Where the reader's chunk is or would be, and what it holds."""
        place = f"{bucket_of(reader, self._buckets)}:"
        while (chunk := self._chunks.get(place)) == SPLIT:
            place += _next_bit(reader, place)
        return place, chunk or ""

    def _put(self, place: str, chunk: str) -> None:
        if chunk.count(" ") - 1 <= self._size:
            self._chunks.put(place, chunk)
            return
        self._chunks.put(place, SPLIT)
        for bit in "01":
            half = [r for r in chunk.split() if _next_bit(int(r), place) == bit]
            if half:
                self._put(place + bit, f" {' '.join(half)} ")


def _next_bit(reader: int, place: str) -> str:
    """The bit of the reader's hash at the depth of this place, from the highest down.

    Different ids have different hashes, since the factor is odd, so splitting comes to an end.
    """
    depth = len(place) - place.index(":") - 1
    return "01"[(reader * GOLDEN & 0xFFFFFFFFFFFFFFFF) >> (63 - depth) & 1]
