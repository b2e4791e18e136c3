"""What waits for a person, and what no longer does."""

from __future__ import annotations

import pytest

from ingest.events import Event
from ingest.ids import timestamp_ms
from tests.views import memory
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    appealed,
    decided,
    reported,
    review_requested,
    scored,
)
from tests.views.records import log_of
from views.known_spam import KNOWN_SPAM
from views.moderation_history import MODERATION_HISTORY
from views.moderation_notices import MODERATION_NOTICES
from views.review_queue import HIGH, NORMAL, REVIEW_QUEUE, URGENT

LATER = timestamp_ms(10) + 1


def waiting(*events: Event) -> set[tuple[int, int, str]]:
    """Severity, tweet and why."""
    rows = memory.state(REVIEW_QUEUE, log_of(list(events)))
    return {(severity, tweet_id, why) for severity, _, tweet_id, why in rows}


@pytest.mark.parametrize("action", ["allow", "label", "sensitive", "block"])
def test_what_the_scorer_is_sure_of_waits_for_nobody(action: str) -> None:
    assert waiting(scored(10, ALICE, action)) == set()


def test_what_the_scorer_is_not_sure_of_waits_until_somebody_decides() -> None:
    assert waiting(scored(10, ALICE, "review")) == {(NORMAL, 10, "score")}
    assert waiting(scored(10, ALICE, "review"), decided(10, ALICE, "allow")) == set()


def test_what_many_see_is_urgent_and_waits_once() -> None:
    assert waiting(scored(10, ALICE, "review"), scored(10, ALICE, "review", occasion="viral")) == {
        (URGENT, 10, "score")
    }


def test_a_scorer_that_changes_its_mind_asks_for_nobody_any_more() -> None:
    assert waiting(scored(10, ALICE, "review"), scored(10, ALICE, occasion="rescan")) == set()


def test_reports_alone_ask_for_nobody_and_enough_of_them_do() -> None:
    few = [reported(10, ALICE, BOB), reported(10, ALICE, CAROL)]
    assert waiting(*few) == set()
    assert waiting(*few, review_requested(10, ALICE, severity=0)) == {(URGENT, 10, "reports")}


def test_reports_that_grow_more_urgent_wait_once() -> None:
    assert waiting(
        review_requested(10, ALICE, severity=2), review_requested(10, ALICE, severity=0)
    ) == {(URGENT, 10, "reports")}


def test_a_decision_takes_all_away_and_an_appeal_brings_one_back() -> None:
    everything = [
        scored(10, ALICE, "review"),
        review_requested(10, ALICE),
        decided(10, ALICE, "block"),
    ]
    assert waiting(*everything) == set()
    assert waiting(*everything, appealed(10, ALICE)) == {(HIGH, 10, "appeal")}
    assert waiting(*everything, appealed(10, ALICE), decided(10, ALICE, "allow")) == set()


def test_a_text_is_known_spam_until_the_last_tweet_that_says_it_is_let_go() -> None:
    both = [decided(10, ALICE, "block", spam=True), decided(12, BOB, "block", spam=True)]

    def known(*events: Event) -> set[str]:
        return {key for _, key, _ in memory.state(KNOWN_SPAM, log_of(list(events)))}

    assert len(known(*both)) == 1
    assert len(known(*both, decided(10, ALICE, "allow"))) == 1
    assert known(*both, decided(10, ALICE, "allow"), decided(12, BOB, "allow")) == set()
    assert known(decided(10, ALICE, "block")) == set()


def test_an_author_is_told_of_decisions_and_of_what_is_blocked_at_once() -> None:
    def told(*events: Event) -> list[tuple[str, bool]]:
        rows = memory.state(MODERATION_NOTICES, log_of(list(events)))
        return [(row["action"], row["by_person"]) for _, row in sorted(rows.items())]

    assert told(scored(10, ALICE, "label"), scored(10, ALICE, "review")) == []
    blocked = scored(10, ALICE, "block", at_ms=LATER)
    again = scored(10, ALICE, "block", at_ms=LATER + 9)  # by a scorer that begins anew
    assert told(blocked, decided(10, ALICE, "allow", at_ms=LATER + 1), again) == [
        ("block", False),
        ("allow", True),
    ]


def test_the_history_leaves_out_first_scores_from_which_nothing_follows() -> None:
    def said(*events: Event) -> list[str]:
        rows = memory.state(MODERATION_HISTORY, log_of(list(events)))
        return [kind for _, _, kind, _ in sorted(rows)]

    assert said(scored(10, ALICE)) == []
    assert said(
        scored(10, ALICE, "block", at_ms=LATER),
        decided(10, ALICE, "allow", at_ms=LATER + 1),
        scored(10, ALICE, occasion="viral", at_ms=LATER + 2),
        scored(10, ALICE, "block", at_ms=LATER + 9),
    ) == ["scored", "decided", "scored"]
