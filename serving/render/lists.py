"""How does a list look in an answer?"""

from __future__ import annotations

from typing import Any

from ingest.ids import timestamp_ms
from serving.render.times import written
from serving.rows import Found, ListRow


def list_(row: ListRow, fields: frozenset[str], found: Found) -> dict[str, Any]:
    """The list with the fields asked for."""
    answer: dict[str, Any] = {"id": str(row.id), "name": row.name}
    counts = found.list_counts.get(row.id, {})
    if "created_at" in fields:
        answer["created_at"] = written(timestamp_ms(row.id))
    if "description" in fields:
        answer["description"] = row.description
    if "owner_id" in fields:
        answer["owner_id"] = str(row.owner_id)
    if "private" in fields:
        answer["private"] = row.private
    for name in ("follower_count", "member_count"):
        if name in fields:
            answer[name] = max(0, counts.get(name, 0))
    return answer
