"""What waits for a moderator, who works on it, and what they decide."""

from __future__ import annotations

from flask import Blueprint, Response, g

from serving import query
from serving.api.parameters import cursor, page_size, page_tokens, pages
from serving.auth.scopes import MODERATION
from serving.http import answer, now_ms, principal
from serving.moderation.deciding import NewDecision
from serving.moderation.queue import Place
from serving.openapi.moderation import ClaimDone, DecisionDone, Waiting
from serving.openapi.shapes import Done, Page
from serving.operations import operation, writes
from serving.paging import NEWEST
from serving.render import moderation as render
from serving.render.times import written
from serving.services import services
from views.review_queue import WHYS

blueprint = Blueprint("review", __name__)

A_PAGE = 20
MAY_MODERATE = writes("tweet.read", "users.read", MODERATION)


@blueprint.get("/moderation/queue")
@operation(
    "getModerationQueue",
    MAY_MODERATE,
    query=(
        query.choice("why", "Only what waits for this reason.", WHYS),
        query.choice(
            "state",
            "Only what nobody, somebody else or oneself has claimed.",
            ("open", "claimed", "mine"),
        ),
        *pages(1, 50, default=A_PAGE),
    ),
    answer=Page[Waiting],
)
def queue() -> Response:
    """What waits for a moderator: the most urgent first, then the oldest Tweet. Own ones are not
    there."""
    why, state = g.query.get("why"), g.query.get("state")
    name = f"queue/{why}/{state}"
    at = cursor(name).older_than
    lying = services().moderation.desk.waiting(
        principal().id,
        Place() if at == NEWEST else Place.of(at),
        page_size(A_PAGE),
        now_ms(),
        why=why,
        state=state,
    )
    tweets = lying.found.tweets
    data = [
        render.waiting(
            case,
            lying.found,
            lying.notices.get(tweets[case.tweet_id].author_id, 0),
            lying.claims.get(case.tweet_id),
        )
        for case in lying.cases
    ]
    meta = {"result_count": len(data)}
    meta |= page_tokens(name, lying.next.number if lying.next else None, None)
    return answer(({"data": data} if data else {}) | {"meta": meta}, stale=lying.found.stale)


@blueprint.post("/moderation/queue/<tweet_id>/claim")
@operation("claimReview", MAY_MODERATE, answer=Done[ClaimDone])
def claim(tweet_id: int) -> Response:
    """Keeps other moderators off a Tweet for a while. Claiming it again makes that longer."""
    taken = services().moderation.desk.claim(tweet_id, principal().id, now_ms())
    return answer({"data": {"claimed": True, "until": written(taken.until_ms)}})


@blueprint.delete("/moderation/queue/<tweet_id>/claim")
@operation("releaseReview", MAY_MODERATE, answer=Done[ClaimDone])
def release(tweet_id: int) -> Response:
    """Gives one's claim back. Where there is none, nothing changes."""
    services().moderation.desk.release(tweet_id, principal().id)
    return answer({"data": {"claimed": False}})


@blueprint.post("/moderation/queue/<tweet_id>/decision")
@operation("decideReview", MAY_MODERATE, body=NewDecision, answer=Done[DecisionDone])
def decide(tweet_id: int, body: NewDecision) -> Response:
    """Decides about a Tweet that one has claimed. Saying the same again changes nothing."""
    position = services().moderation.desk.decide(
        *(tweet_id, principal().id, body, now_ms()),
        lambda event: services().write(event, g.request_id),
    )
    data = {"tweet_id": str(tweet_id), "decision": body.decision}
    return answer({"data": data}, position=position)
