"""Reporting a tweet, and what came of one's reports. A report may be said twice: it counts once."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, g

from ingest.events import ReviewRequested, TweetReported
from ingest.positions import Position
from serving.api.parameters import cursor, page_size, page_tokens, pages
from serving.api.tweets import acted_on
from serving.errors import Forbidden, InvalidRequest
from serving.http import answer, now_ms, principal
from serving.moderation.cases import Case
from serving.moderation.reporting import outcome, reach, severity
from serving.openapi.moderation import Reason, Report, ReportDone
from serving.openapi.shapes import Done, Page
from serving.operations import operation, writes
from serving.paging import NEWEST
from serving.readable import is_clean
from serving.render.moderation import report as shown
from serving.rows import TweetRow
from serving.services import services
from views.review_queue import REPORTS

blueprint = Blueprint("reports", __name__)

A_PAGE = 20


class NewReport(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason
    comment: Annotated[str, msgspec.Meta(max_length=500)] = ""


@blueprint.post("/tweets/<id>/report")
@operation(
    "reportPost",
    writes("tweet.read", "users.read"),
    body=NewReport,
    answer=Done[ReportDone],
    limit="reports",
)
def report(id: int, body: NewReport) -> Response:
    """Tells moderators of a tweet. Reporting it again changes nothing."""
    me, row = principal().id, _reported(id)
    if row.author_id == me:
        raise Forbidden("You can not report a Tweet of your own; you can delete it.")
    if not is_clean(body.comment.replace("\n", " ")):
        raise InvalidRequest("The comment has characters that are no text.", comment="")
    positions: list[Position] = []
    cases = services().moderation.cases
    if not cases.has_reported(me, row.id):
        event = TweetReported(
            at_ms=now_ms(),
            tweet_id=row.id,
            author_id=row.author_id,
            reporter_id=me,
            reason=body.reason,
            comment=body.comment,
        )
        positions.append(services().write(event, g.request_id))
    # Only now: of two who report at once the one who looks last sees both. A repeat looks too, for
    # the first may have died before this.
    if (wanted := _review(row, cases.one(row.id))) is not None:
        positions.append(services().write(wanted, g.request_id))
    return answer({"data": {"reported": True}}, position=positions)


@blueprint.get("/users/<id>/reports")
@operation(
    "getUsersReports",
    writes("tweet.read", "users.read"),
    own="id",
    query=pages(1, 100, default=A_PAGE),
    answer=Page[Report],
)
def reports(id: int) -> Response:
    """The tweets one has reported, the newest tweet first, and what came of each."""
    name = f"reports/{id}"
    parts, at = services().moderation, cursor(name).older_than
    rows, older_than = parts.told.reports(id, None if at == NEWEST else at, page_size(A_PAGE))
    states = parts.cases.states([row["tweet_id"] for row in rows])
    data = [shown(row, outcome(row["at_ms"], *states[row["tweet_id"]])) for row in rows]
    meta = {"result_count": len(data)} | page_tokens(name, older_than, None)
    return answer(({"data": data} if data else {}) | {"meta": meta})


def _reported(id: int) -> TweetRow:
    """The tweet meant: of a retweet its source, of an edited tweet the very version.

    Raises `NotFound`, or `Forbidden` where it is not for the one who asks.
    """
    seen = acted_on(str(id), "id")
    row = services().rows.fetch(tweets=[id]).tweets.get(id, seen)
    return seen if row.retweet_of_id is not None else row


def _review(row: TweetRow, case: Case) -> ReviewRequested | None:
    """What is to be told where reports have become enough, or more urgent than they were."""
    settings, standing = services().settings, case.standing_reports
    if len(standing) < settings.review_reporters:
        return None
    counts = services().rows.fetch(tweet_counts=[row.counted_id]).tweet_counts
    acts = reach(counts.get(row.counted_id, {}))
    due = severity([each["reason"] for each in standing], acts, settings.review_reach)
    if REPORTS in case.waits and case.waits[REPORTS][0] <= due:
        return None
    return ReviewRequested(
        at_ms=now_ms(),
        tweet_id=row.id,
        author_id=row.author_id,
        reporters=len(standing),
        severity=due,
    )
