"""Who decided what, when and why? Nothing of it is ever changed or taken away."""

from __future__ import annotations

from flask import Blueprint, Response, g

from serving import query
from serving.api.parameters import cursor, page_size, page_tokens, pages
from serving.api.review import MAY_MODERATE
from serving.errors import InvalidRequest
from serving.http import answer, now_ms
from serving.openapi.moderation import Entry
from serving.openapi.shapes import Page
from serving.operations import operation
from serving.paging import NEWEST
from serving.render import moderation as render
from serving.services import services

blueprint = Blueprint("moderation_audit", __name__)

A_PAGE = 50


@blueprint.get("/moderation/audit")
@operation(
    "getModerationAudit",
    MAY_MODERATE,
    query=(
        query.id_("tweet_id", "All that was said of this Tweet: scores and appeals too."),
        query.id_("moderator_id", "Only what this moderator decided. Not with `tweet_id`."),
        *pages(1, 100, default=A_PAGE),
    ),
    answer=Page[Entry],
)
def audit() -> Response:
    """What moderators decided, latest first, with what the scorer said of the Tweet."""
    tweet_id, moderator_id = g.query.get("tweet_id"), g.query.get("moderator_id")
    if tweet_id is not None and moderator_id is not None:
        raise InvalidRequest("Only one of tweet_id, moderator_id may be given.", tweet_id="")
    name = f"audit/{tweet_id}/{moderator_id}"
    at, parts = cursor(name).older_than, services().moderation
    before = None if at == NEWEST else at
    if tweet_id is not None:
        rows, next = parts.told.of_tweet(tweet_id, before, page_size(A_PAGE))
        data = [render.entry(row) for row in rows]
    else:
        rows, next = parts.told.decisions(moderator_id, before, page_size(A_PAGE), now_ms())
        states = parts.cases.states(list({row["tweet_id"] for row in rows}))
        data = [render.audited(row, states[row["tweet_id"]][0]) for row in rows]
    meta = {"result_count": len(data)} | page_tokens(name, next, None)
    return answer(({"data": data} if data else {}) | {"meta": meta})
