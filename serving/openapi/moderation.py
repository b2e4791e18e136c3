"""What do answers about moderation look like?"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from serving.openapi.shapes import Count, Id, Shape, Time, Tweet, User

Reason = Literal[
    "spam", "abuse", "hate", "violence", "adult", "self_harm", "misinformation", "other"
]
Decision = Literal["allow", "label", "sensitive", "block"]
Action = Literal["allow", "label", "sensitive", "review", "block"]
Why = Literal["score", "reports", "appeal"]
Score = Annotated[float, Meta(ge=0, le=1)]


class ReportDone(Shape):
    reported: bool


class Report(Shape):
    """A report one made, and what came of it."""

    tweet_id: Id
    reason: Reason
    reported_at: Time
    status: Annotated[
        Literal["received", "acted", "kept"],
        Meta(description="`acted`: something was done; `kept`: nothing had to be."),
    ]
    status_at: Time
    comment: str | UnsetType = UNSET


class Scores(Shape):
    toxicity: Score
    spam: Score
    action: Action
    reasons: list[str]
    scorer: str
    scored_at: Time


class Entry(Shape):
    """Something that was said of a tweet: a score, a request to look, a decision, an appeal."""

    kind: Literal["scored", "requested", "decided", "appealed"]
    tweet_id: Id
    author_id: Id
    at: Time
    action: Action | UnsetType = UNSET
    held: Annotated[Action, Meta(description="What was done until then.")] | UnsetType = UNSET
    moderator_id: Id | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    reasons: list[str] | UnsetType = UNSET
    label: str | UnsetType = UNSET
    appeal: Annotated[bool, Meta(description="It answers an appeal.")] | UnsetType = UNSET
    spam: bool | UnsetType = UNSET
    text: str | UnsetType = UNSET
    reporter_count: Count | UnsetType = UNSET
    occasion: str | UnsetType = UNSET
    scores: Scores | UnsetType = UNSET


class Reports(Shape):
    """Those since the last decision; `count` is 100 where there are more."""

    count: Count
    by_reason: dict[str, Count]
    comments: list[str]


class Holder(Shape):
    moderator_id: Id
    until: Time


class Appeal(Shape):
    text: str
    at: Time


class Held(Shape):
    """What is done with the tweet now."""

    action: Action
    decided: bool
    reasons: list[str]
    label: str | UnsetType = UNSET


class Waiting(Shape):
    """A tweet that waits for a person, with what one has to know to decide."""

    tweet: Tweet
    severity: Literal["urgent", "high", "normal"]
    why: list[Why]
    waiting_since: Time
    state: Held
    reports: Reports
    history: list[Entry]
    author_notice_count: Annotated[
        int, Meta(ge=0, le=100, description="What its author was told of their tweets before.")
    ]
    author: User | UnsetType = UNSET
    scores: Scores | UnsetType = UNSET
    appeal: Appeal | UnsetType = UNSET
    claim: Holder | UnsetType = UNSET


class ClaimDone(Shape):
    claimed: bool
    until: Time | UnsetType = UNSET


class DecisionDone(Shape):
    tweet_id: Id
    decision: Decision


class Notice(Shape):
    """What an author is told of a tweet of theirs."""

    tweet_id: Id
    at: Time
    action: Action
    decided_by: Literal["person", "scorer"]
    reasons: list[str]
    can_appeal: bool
    label: str | UnsetType = UNSET
    appeal: (
        Annotated[
            Literal["upheld", "changed", "reversed"],
            Meta(description="How it answers the author's appeal."),
        ]
        | UnsetType
    ) = UNSET


class AppealDone(Shape):
    appealed: bool


class BlockedTag(Shape):
    tag: str
    moderator_id: Id
    reason: str
    blocked_at: Time


class TagDone(Shape):
    blocked: bool
