"""Where in the log does a record stand, and in which epoch?

>>> Position.parse("tweets/3/123")
Position(topic='tweets', partition=3, offset=123)
>>> epoch_of(append_ms=600_001, epoch_ms=300_000)
2
"""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """A record's place. Offsets are compared within one partition only; they order nothing else."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Position:
        """From `topic/partition/offset`. Raises `ValueError` on anything else."""
        topic, partition, offset = text.split("/")
        if not topic or not partition.isdecimal() or not offset.isdecimal():
            raise ValueError(f"not a log position: {text!r}")
        return cls(topic, int(partition), int(offset))


def epoch_of(append_ms: int, epoch_ms: int) -> int:
    """The epoch of a record: its append time divided by the epoch's length, whole numbers."""
    return append_ms // epoch_ms


def applied_key(job: str) -> str:
    """The Redis hash in which a speed job says how far it is: `topic/partition` -> last offset."""
    return f"applied:{job}"
