"""When do reports ask for a person, and what does whoever reported hear of it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from views.review_queue import HIGH, NORMAL, URGENT

Row = Mapping[str, Any]

SEVERITY = {
    "self_harm": URGENT,
    "violence": URGENT,
    "hate": HIGH,
    "abuse": HIGH,
    "adult": HIGH,
}
"""Of a reason; of all others `NORMAL`."""
REACH = ("like_count", "retweet_count", "quote_count", "reply_count")


def severity(reasons: Iterable[str], reach: int, far: int) -> int:
    """How urgent reports for these reasons are, about a tweet that so many acted on.

    >>> severity(["spam", "abuse"], reach=0, far=100), severity(["abuse"], reach=100, far=100)
    (1, 0)
    """
    worst = min((SEVERITY.get(reason, NORMAL) for reason in reasons), default=NORMAL)
    return max(URGENT, worst - 1) if reach >= far else worst


def reach(counts: Mapping[str, int]) -> int:
    """How many acts there were on a tweet with these counts."""
    return sum(max(0, counts.get(name, 0)) for name in REACH)


class Outcome(NamedTuple):
    """`status`: `received`, `acted` (something was done) or `kept`; `at_ms` is when that was."""

    status: str
    at_ms: int


def outcome(reported_ms: int, score: Row | None, decision: Row | None) -> Outcome:
    """What came of a report made at `reported_ms`.

    A person's decision after it answers it; so does a block by the scorer.
    """
    if decision is not None and decision["at_ms"] >= reported_ms:
        return Outcome("kept" if decision["action"] == "allow" else "acted", decision["at_ms"])
    if score is not None and score["action"] == "block" and score["at_ms"] >= reported_ms:
        return Outcome("acted", score["at_ms"])
    return Outcome("received", reported_ms)
