"""What holds of a tweet by moderation: what the scorer said last, and what a person decided last?

Two rows a tweet, keyed `(tweet_id, source)`; what both together mean is said by `holds` and nowhere
else, when somebody reads. So a row is what one event says, and comes back when the other goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.events import Event, ReviewDecided, TweetScored
from ingest.events.moderation import reasons_of
from ingest.ids import timestamp_ms
from views.contract import Change, Put, StateView

SCORE, DECISION = "score", "decision"
COLUMNS = (
    *("author_id", "action", "at_ms", "reasons", "label"),
    *("toxicity_milli", "spam_milli", "scorer", "occasion", "moderator_id"),
)
"""A row has all of them; those of the other source are None."""
IN_REDIS = ("action", "at_ms", "reasons", "label", "occasion")
"""What `holds` and `is_first` ask for."""
FIRST = frozenset({"posted", "edited"})
AT_ONCE_MS = 60_000
FORBIDDEN_LINK = "forbidden_link"
LABELS = {"misleading_link": "This links to a misleading place.", "spam": "This may be spam."}
"""What people read beside a tweet that the scorer labels, by the reason."""


@dataclass(frozen=True)
class Moderation:
    """What holds of a tweet. `action` is one of `ingest.events.moderation.ACTIONS`."""

    action: str = "allow"
    reasons: tuple[str, ...] = ()
    label: str | None = None
    decided: bool = False
    """By a person; else by the scorer, or nothing was said yet."""
    at_ms: int = 0

    @property
    def withheld(self) -> bool:
        """Nobody but its author sees it."""
        return self.action == "block"

    @property
    def sensitive(self) -> bool:
        """Behind a notice, and not spread: what waits for a person's decision too."""
        return self.action in ("sensitive", "review", "block")


UNSAID = Moderation()


def holds(score: Mapping[str, Any] | None, decision: Mapping[str, Any] | None) -> Moderation:
    """What both rows together mean; a row may be missing.

    A decision stands over every score, older or newer, for a tweet's text never changes (an edit is
    a tweet of its own). But for one: a link that came onto the list of forbidden ones after it.
    """
    if decision is not None and not (score and _forbidden_since(score, decision)):
        why = decision.get("reasons")
        return Moderation(
            action=decision["action"],
            reasons=(why,) if why else (),
            label=decision.get("label") if decision["action"] == "label" else None,
            decided=True,
            at_ms=decision["at_ms"],
        )
    if score is None:
        return UNSAID
    reasons = tuple(reasons_of(score.get("reasons")))
    return Moderation(
        action=score["action"],
        reasons=reasons,
        label=_label(reasons) if score["action"] == "label" else None,
        at_ms=score["at_ms"],
    )


def is_first(tweet_id: int, score: Mapping[str, Any] | None) -> bool:
    """Whether this is what was said of the tweet first, right after it came: then nothing was said
    before. A scorer that begins anew says the same of old tweets, much later."""
    return (
        score is not None
        and score["occasion"] in FIRST
        and score["at_ms"] - timestamp_ms(tweet_id) < AT_ONCE_MS
    )


def project(event: Event) -> Iterator[Change]:
    """The row of the scorer or of the person who decided."""
    match event:
        case TweetScored():
            yield _put(
                event,
                SCORE,
                action=event.action,
                reasons=event.reasons,
                toxicity_milli=event.toxicity_milli,
                spam_milli=event.spam_milli,
                scorer=event.scorer,
                occasion=event.occasion,
            )
        case ReviewDecided():
            yield _put(
                event,
                DECISION,
                action=event.decision,
                reasons=event.reason,
                label=event.label,
                moderator_id=event.moderator_id,
            )


def _put(event: TweetScored | ReviewDecided, source: str, **said: object) -> Put[tuple[int, str]]:
    row = dict.fromkeys(COLUMNS) | {"author_id": event.author_id, "at_ms": event.at_ms} | said
    return Put((event.tweet_id, source), row)


def _forbidden_since(score: Mapping[str, Any], decision: Mapping[str, Any]) -> bool:
    reasons = reasons_of(score.get("reasons"))
    listed = any(reason.startswith(FORBIDDEN_LINK) for reason in reasons)
    newer: bool = score["at_ms"] > decision["at_ms"]
    return listed and newer and score["action"] == "block" and score["occasion"] == "rescan"


def _label(reasons: tuple[str, ...]) -> str | None:
    kinds = (reason.partition(":")[0] for reason in reasons)
    return next((LABELS[kind] for kind in kinds if kind in LABELS), None)


MODERATION_STATES = StateView(
    name="moderation_states",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetScored, ReviewDecided),
    project=project,
)
