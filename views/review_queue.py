"""Which tweets wait for a person, the most urgent first?

A tweet waits because the scorer is not sure of it, because many people reported it, or because its
author appeals: a row for each, keyed `(severity, part, tweet_id, why)`. Within a severity the
oldest tweet comes first. Tweets are spread over parts, so that no server has the whole queue; a
decision takes all rows of its tweet away, whichever there are, since it says no more than its id.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import DecisionAppealed, Event, ReviewDecided, ReviewRequested, TweetScored
from ingest.events.moderation import SEVERITIES
from views.contract import Change, Delete, Put, StateView
from views.moderation_states import FIRST
from views.timelines import bucket_of

PARTS = 16  # of each severity; a page asks all of them at once
SCORE, REPORTS, APPEAL = "score", "reports", "appeal"
WHYS = (APPEAL, REPORTS, SCORE)
COLUMNS = ("author_id", "at_ms")
URGENT, HIGH, NORMAL = range(SEVERITIES)
SURELY_TOXIC_MILLI = 700  # above this the source has a person look


def place(severity: int, tweet_id: int, why: str) -> tuple[int, int, int, str]:
    """The key of a row."""
    return severity, bucket_of(tweet_id, PARTS), tweet_id, why


def severity_of(event: TweetScored) -> int:
    """What many see is urgent, what may hurt somebody comes before what only bothers them."""
    if event.occasion == "viral":
        return URGENT
    return HIGH if event.toxicity_milli > SURELY_TOXIC_MILLI else NORMAL


def project(event: Event) -> Iterator[Change]:
    match event:
        case TweetScored():
            yield from _scored(event)
        case ReviewRequested():
            yield from _waits(event, REPORTS, event.severity)
        case DecisionAppealed():
            yield from _waits(event, APPEAL, HIGH)
        case ReviewDecided():
            for why in WHYS:
                yield from _gone(event.tweet_id, why, _severities(why))


def _scored(event: TweetScored) -> Iterator[Change]:
    if event.action == "review":
        severity = severity_of(event)
        yield _put(event, SCORE, severity)
        rest = [other for other in range(SEVERITIES) if other != severity]
    else:
        rest = list(range(SEVERITIES))
    # Before the first score nothing waits: nearly all tweets leave no tombstone in the queue.
    if event.occasion not in FIRST:
        yield from _gone(event.tweet_id, SCORE, rest)


def _waits(event: ReviewRequested | DecisionAppealed, why: str, severity: int) -> Iterator[Change]:
    yield _put(event, why, severity)
    yield from _gone(
        event.tweet_id, why, [other for other in _severities(why) if other != severity]
    )


def _put(
    event: TweetScored | ReviewRequested | DecisionAppealed, why: str, severity: int
) -> Put[tuple[int, int, int, str]]:
    row = {name: getattr(event, name) for name in COLUMNS}
    return Put(place(severity, event.tweet_id, why), row)


def _gone(tweet_id: int, why: str, severities: list[int]) -> Iterator[Change]:
    for severity in severities:
        yield Delete(place(severity, tweet_id, why))


def _severities(why: str) -> list[int]:
    return [HIGH] if why == APPEAL else list(range(SEVERITIES))


REVIEW_QUEUE = StateView(
    name="review_queue",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetScored, ReviewRequested, DecisionAppealed, ReviewDecided),
    project=project,
)
