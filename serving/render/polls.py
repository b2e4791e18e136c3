"""How does a poll look in an answer?"""

from __future__ import annotations

from typing import Any

from ingest.ids import timestamp_ms
from serving.render.times import written
from serving.rows import Found, TweetRow

MINUTE_MS = 60_000


def poll(row: TweetRow, fields: frozenset[str], found: Found, now_ms: int) -> dict[str, Any]:
    """The poll of this tweet; it bears the tweet's id. Totals never show below zero."""
    counts = found.poll_counts.get(row.id, {})
    answer: dict[str, Any] = {
        "id": str(row.id),
        "options": [
            {"position": n, "label": label, "votes": max(0, counts.get(f"option_{n}", 0))}
            for n, label in enumerate(row.poll_options, 1)
        ],
    }
    ends = row.poll_ends_ms or 0
    if "duration_minutes" in fields:
        answer["duration_minutes"] = (ends - timestamp_ms(row.id)) // MINUTE_MS
    if "end_datetime" in fields:
        answer["end_datetime"] = written(ends)
    if "voting_status" in fields:
        answer["voting_status"] = "open" if now_ms < ends else "closed"
    return answer
