"""Has this write been applied yet, everywhere it goes?

A write answers with its log position, `x-log-position: tweets/3/123`. A read that sends it back as
`x-read-after` (several with commas) waits until every speed job that reads the topic has come that
far, at most `read_after_timeout_seconds`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from ingest.positions import Position, applied_key
from serving.errors import InvalidRequest, NotYetApplied
from serving.metrics import READ_AFTER_EXPIRED
from serving.stores.redis import RedisStore
from views.registry import ASIDE_TOPICS, JOB_TOPICS

HEADER = "x-read-after"
MAX_POSITIONS = 20
SECONDS_BETWEEN_LOOKS = 0.01


def positions(header: str) -> list[Position]:
    """The positions in an `x-read-after` header. Raises `InvalidRequest`."""
    try:
        found = [Position.parse(part.strip()) for part in header.split(",")]
    except ValueError:
        found = []
    if not 0 < len(found) <= MAX_POSITIONS or any(len(str(p.offset)) > 18 for p in found):
        raise InvalidRequest(
            "The `x-read-after` header is not a list of log positions like tweets/3/123",
            **{"x-read-after": header[:200]},
        )
    return found


def marks(wanted: list[Position], also: Iterable[str] = ()) -> list[tuple[str, Position]]:
    """Which jobs must have come how far: `(job, position)`; `also` names some of `ASIDE_TOPICS`."""
    jobs = JOB_TOPICS | {job: ASIDE_TOPICS[job] for job in also}
    return [(job, p) for p in wanted for job, topics in jobs.items() if p.topic in topics]


class AppliedMarks:
    def __init__(self, redis: RedisStore, *, timeout_s: float) -> None:
        self._redis, self._timeout_s = redis, timeout_s

    def wait(self, wanted: list[Position], also: Iterable[str] = ()) -> None:
        """Returns once all are applied. Raises `NotYetApplied` after the time limit."""
        deadline = time.monotonic() + self._timeout_s
        left = marks(wanted, also)
        while left := self._not_applied(left):
            if time.monotonic() > deadline:
                READ_AFTER_EXPIRED.inc()
                raise NotYetApplied(str(left[0][1]), self._timeout_s)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _not_applied(self, left: list[tuple[str, Position]]) -> list[tuple[str, Position]]:
        if not left:
            return []
        replies = self._redis.pipeline(
            [("HGET", applied_key(job), f"{p.topic}/{p.partition}") for job, p in left]
        )
        return [
            mark
            for mark, reply in zip(left, replies, strict=True)
            if reply is None or int(reply) < mark[1].offset
        ]
