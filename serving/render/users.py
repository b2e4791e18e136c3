"""How does a user look in an answer?"""

from __future__ import annotations

from typing import Any

from serving.relations import Relation
from serving.render.times import written
from serving.rows import Found, UserRow


def user(row: UserRow, fields: frozenset[str], found: Found) -> dict[str, Any]:
    """The profile with the fields asked for, and none that has nothing to say."""
    answer: dict[str, Any] = {"id": str(row.id), "name": row.name, "username": row.username}
    if len(fields) == len(answer):
        return answer
    if "created_at" in fields:
        answer["created_at"] = written(row.created_at_ms)
    if "description" in fields:
        answer["description"] = row.description
    for name in ("location", "url"):
        if name in fields and (said := getattr(row, name)):
            answer[name] = said
    if "pinned_tweet_id" in fields and row.pinned_tweet_id is not None:
        answer["pinned_tweet_id"] = str(row.pinned_tweet_id)
    if "protected" in fields:
        answer["protected"] = row.protected
    if "verified" in fields:
        answer["verified"] = row.verified
    if "verified_type" in fields:
        answer["verified_type"] = "blue" if row.verified else "none"
    if "public_metrics" in fields:
        answer["public_metrics"] = public_metrics(found.user_counts.get(row.id, {}))
    if "connection_status" in fields and (relation := found.relations.get(row.id)):
        answer["connection_status"] = connection_status(relation)
    return answer


def connection_status(relation: Relation) -> list[str]:
    """How the reader stands to the user, in X's words; empty where in no way."""
    said = {
        "following": relation.following,
        "follow_request_sent": relation.requested,
        "follow_request_received": relation.asked_by,
        "followed_by": relation.followed_by,
        "blocking": relation.blocking,
        "muting": relation.muting,
    }
    return [word for word, so in said.items() if so]


def public_metrics(counts: dict[str, int]) -> dict[str, int]:
    """Both dialects' names. Totals of a delayed layer never show below zero."""
    shown = {name: max(0, total) for name, total in counts.items()}
    tweets = shown.get("tweet_count", 0)
    return {
        "followers_count": shown.get("followers_count", 0),
        "following_count": shown.get("following_count", 0),
        "tweet_count": tweets,
        "post_count": tweets,
        "listed_count": shown.get("listed_count", 0),
    }
