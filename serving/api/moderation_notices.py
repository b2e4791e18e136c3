"""What an author is told of their tweets, and how they ask that somebody look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, g

from ingest.events import DecisionAppealed
from serving.api.parameters import cursor, page_size, page_tokens, pages
from serving.errors import Forbidden, InvalidRequest, NotFound
from serving.http import answer, now_ms, principal
from serving.moderation.appeals import refusal
from serving.moderation.cases import Case
from serving.openapi.moderation import AppealDone, Notice
from serving.openapi.shapes import Done, Page
from serving.operations import operation, writes
from serving.paging import NEWEST
from serving.render.moderation import notice
from serving.services import services
from views.moderation_history import DECIDED, SCORED

blueprint = Blueprint("moderation_notices", __name__)

A_PAGE = 20


class NewAppeal(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


@blueprint.get("/users/<id>/moderation_notices")
@operation(
    "getUsersModerationNotices",
    writes("tweet.read", "users.read"),
    own="id",
    query=pages(1, 100, default=A_PAGE),
    answer=Page[Notice],
)
def notices(id: int) -> Response:
    """What was decided about one's Tweets, latest first, and whether one can appeal."""
    name, parts = f"moderation_notices/{id}", services().moderation
    at = cursor(name).older_than
    rows, next = parts.told.notices(id, None if at == NEWEST else at, page_size(A_PAGE))
    ids = list({row["tweet_id"] for row in rows})
    there = services().rows.fetch(tweets=ids).tweets
    cases = parts.cases.of(there)
    data = [notice(row, can_appeal=_can_appeal(row, cases.get(row["tweet_id"]))) for row in rows]
    meta = {"result_count": len(data)} | page_tokens(name, next, None)
    return answer(({"data": data} if data else {}) | {"meta": meta})


@blueprint.post("/tweets/<id>/appeal")
@operation(
    "appealPostModeration",
    writes("tweet.read", "tweet.write", "users.read"),
    body=NewAppeal,
    answer=Done[AppealDone],
)
def appeal(id: int, body: NewAppeal) -> Response:
    """Asks that somebody look again at what is done with a Tweet of one's own; once a decision."""
    row = services().rows.fetch(tweets=[id]).tweets.get(id)
    if row is None:
        raise NotFound("tweet", str(id), "id")
    if row.author_id != principal().id:
        raise Forbidden("Only its author can appeal for a Tweet.")
    if not body.text.strip():
        raise InvalidRequest("An appeal says why.", text=body.text)
    with services().redis.exclusively(f"appeal:{id}"):  # of two at once one is the appeal
        case = services().moderation.cases.one(id)
        if why := refusal(case, now_ms(), services().settings.appeal_days):
            raise Forbidden(why)
        event = DecisionAppealed(
            at_ms=now_ms(), tweet_id=id, author_id=row.author_id, text=body.text
        )
        position = services().write(event, g.request_id)
    return answer({"data": {"appealed": True}}, position=position)


def _is_alike(entry: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether the entry of the history is of a person as the notice is, or of the scorer too."""
    return entry["kind"] == (DECIDED if row["by_person"] else SCORED)


def _can_appeal(row: dict[str, Any], case: Case | None) -> bool:
    """Of what holds now alone; of a tweet that is gone there is nothing to appeal."""
    if case is None or case.state.decided != bool(row["by_person"]):
        return False
    if any(row["at_ms"] < later["at_ms"] for later in case.history if _is_alike(later, row)):
        return False
    return refusal(case, now_ms(), services().settings.appeal_days) is None
