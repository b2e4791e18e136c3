"""What becomes of a record that cannot be understood?

It goes to the `dead_letters` topic as it was, with the reason and where it stood in headers, and
the partition goes on. Nothing is lost, nothing stops.
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.positions import Position

REASON, SOURCE = "reason", "source"


class DeadLetter(NamedTuple):
    """A record as it was, and why it could not be understood."""

    source: Position
    reason: str
    value: bytes | None

    def headers(self) -> list[tuple[str, bytes]]:
        return [(REASON, self.reason.encode()), (SOURCE, str(self.source).encode())]

    @classmethod
    def of(cls, headers: list[tuple[str, bytes]], value: bytes | None) -> DeadLetter:
        """The dead letter in a record of the topic. Raises `KeyError` where a header is missing."""
        by_name = dict(headers)
        return cls(Position.parse(by_name[SOURCE].decode()), by_name[REASON].decode(), value)
