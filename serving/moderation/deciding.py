"""May this moderator decide about this tweet, and which event does the decision mean?"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ingest.events import ReviewDecided
from moderation.behaviour import same_text
from moderation.known_spam import SHORTEST
from serving.errors import Forbidden, InvalidRequest
from serving.moderation.cases import Case
from serving.rows import TweetRow
from views.review_queue import APPEAL

OWN = "You can not decide about a Tweet of your own."
TWICE = "Somebody else decides about the appeal: you made the decision that it is against."


class NewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """`label` is what people read beside the tweet, of the decision `label` alone. With `spam`, a
    block makes all texts known that read the same."""

    decision: Literal["allow", "label", "sensitive", "block"]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    spam: bool = False


def check(asked: NewDecision) -> None:
    """Raises `InvalidRequest` for what does not go together."""
    if not asked.reason.strip():
        raise InvalidRequest("A decision has a reason.", reason=asked.reason)
    if (asked.label is not None) != (asked.decision == "label"):
        raise InvalidRequest(
            "A `label` goes with the decision `label`, and with it alone.", label=""
        )
    if asked.label is not None and not asked.label.strip():
        raise InvalidRequest("A label has a text.", label=asked.label)
    if asked.spam and asked.decision != "block":
        raise InvalidRequest("Only what is blocked is known as spam.", spam="true")


def check_spam(asked: NewDecision, text: str) -> None:
    """Raises `InvalidRequest` for a text that is too short to be known."""
    if asked.spam and len(text) < SHORTEST:
        raise InvalidRequest(
            f"A text of less than {SHORTEST} characters is not known as spam: others say it too.",
            spam="true",
        )


def may_decide(case: Case, author_id: int, moderator_id: int, *, others: bool) -> None:
    """Raises `Forbidden`. `others` says whether anybody else could decide in their place."""
    if moderator_id == author_id:
        raise Forbidden(OWN)
    last = case.last_decision
    if others and APPEAL in case.waits and last is not None and last["who_id"] == moderator_id:
        raise Forbidden(TWICE)


def repeated(case: Case, asked: NewDecision, moderator_id: int) -> bool:
    """Whether this very decision was made by this moderator, and is the last one."""
    last = case.last_decision
    return (
        last is not None
        and not case.waits
        and (last["who_id"], last["action"], last["reasons"], last["label"], bool(last["spam"]))
        == (moderator_id, asked.decision, asked.reason, asked.label, asked.spam)
    )


def decided(
    asked: NewDecision, case: Case, row: TweetRow, *, moderator_id: int, at_ms: int
) -> ReviewDecided:
    return ReviewDecided(
        at_ms=at_ms,
        tweet_id=row.id,
        author_id=row.author_id,
        moderator_id=moderator_id,
        decision=asked.decision,
        reason=asked.reason,
        label=asked.label,
        appeal=APPEAL in case.waits,
        held=case.state.action,
        spam=asked.spam,
        text_key=same_text(row.text),
    )
