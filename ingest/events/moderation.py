"""What happens to a tweet by moderation: scored, reported, decided by a person, appealed.

All of a tweet's records have its id as their key, whoever acts, so that they keep their order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

import msgspec

from ingest.events.base import Event

OCCASIONS = ("posted", "edited", "viral", "rescan")
REPORT_REASONS = (
    *("spam", "abuse", "hate", "violence", "adult", "self_harm", "misinformation", "other"),
)
DECISIONS = ("allow", "label", "sensitive", "block")
ACTIONS = ("allow", "label", "sensitive", "review", "block")
SEVERITIES = 3  # classes of what waits for a person, 0 the most urgent
REASONS_AT_MOST = 1_000  # code points of all reasons together


def _one_of(words: Iterable[str]) -> msgspec.Meta:
    return msgspec.Meta(pattern=f"^({'|'.join(words)})$")


Milli = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
Occasion = Annotated[str, _one_of(OCCASIONS)]
ReportReason = Annotated[str, _one_of(REPORT_REASONS)]
Decision = Annotated[str, _one_of(DECISIONS)]
ScoredAction = Annotated[str, _one_of(ACTIONS)]
Reasons = Annotated[str, msgspec.Meta(max_length=REASONS_AT_MOST)]
"""Several reasons in one column, weightiest first, a space between two; `reasons_of` reads it."""
Comment = Annotated[str, msgspec.Meta(max_length=500)]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Severity = Annotated[int, msgspec.Meta(ge=0, lt=SEVERITIES)]
TextKey = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
"""What texts share that read the same: `moderation.behaviour.same_text`."""
AppealText = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


def reasons_of(reasons: str | None) -> list[str]:
    """The reasons in such a column.

    >>> reasons_of(reasons_in(["forbidden_link:evil.example", "toxicity"])), reasons_of("")
    (['forbidden_link:evil.example', 'toxicity'], [])
    """
    return reasons.split(" ") if reasons else []


def reasons_in(reasons: Iterable[str]) -> str:
    """What the column holds of these reasons; what does not fit into it is left out."""
    return " ".join(reason.replace(" ", "%20") for reason in reasons)[:REASONS_AT_MOST]


class TweetScored(Event, frozen=True, kw_only=True, tag=True):
    """What the scorer says of a tweet's text, in thousandths, and of what is to be done.

    `scorer` is the version of the models, lists and thresholds that said so. The first score of a
    tweet has the occasion `posted` or, of a version, `edited`; nothing comes before it.
    """

    topic: ClassVar[str] = "moderation"
    actor_field: ClassVar[str] = "tweet_id"

    tweet_id: int
    author_id: int
    toxicity_milli: Milli
    spam_milli: Milli
    action: ScoredAction
    reasons: Reasons = ""
    scorer: str
    occasion: Occasion


class TweetReported(Event, frozen=True, kw_only=True, tag=True):
    topic: ClassVar[str] = "moderation"
    actor_field: ClassVar[str] = "tweet_id"

    tweet_id: int
    author_id: int
    reporter_id: int
    reason: ReportReason
    comment: Comment = ""


class ReviewRequested(Event, frozen=True, kw_only=True, tag=True):
    """So many people have reported it that a person has to look."""

    topic: ClassVar[str] = "moderation"
    actor_field: ClassVar[str] = "tweet_id"

    tweet_id: int
    author_id: int
    reporters: int
    severity: Severity


class ReviewDecided(Event, frozen=True, kw_only=True, tag=True):
    """A person says what is to be done from now on. `label` is what people read beside the tweet;
    `appeal` says whether it answers one; `held` is what was done until now. With `spam`, every text
    that reads the same as this one is known from now on: those of this `text_key`.
    """

    topic: ClassVar[str] = "moderation"
    actor_field: ClassVar[str] = "tweet_id"

    tweet_id: int
    author_id: int
    moderator_id: int
    decision: Decision
    reason: Reason = ""
    label: Label | None = None
    appeal: bool = False
    held: ScoredAction | None = None
    spam: bool = False
    text_key: TextKey | None = None


class DecisionAppealed(Event, frozen=True, kw_only=True, tag=True):
    """The author asks that a person look again, and says why."""

    topic: ClassVar[str] = "moderation"
    actor_field: ClassVar[str] = "tweet_id"

    tweet_id: int
    author_id: int
    text: AppealText
