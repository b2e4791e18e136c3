"""What holds of a tweet that was scored, and about which somebody may have decided."""

from __future__ import annotations

import pytest

from ingest.events import Event
from tests.views import memory
from tests.views.cast import ALICE, appealed, decided, reported, scored
from tests.views.records import log_of
from views.moderation_states import DECISION, MODERATION_STATES, SCORE, Moderation, holds

EVIL = "forbidden_link:evil.example"


def after(*events: Event) -> Moderation:
    rows = memory.state(MODERATION_STATES, log_of(list(events)))
    return holds(rows.get((10, SCORE)), rows.get((10, DECISION)))


def test_nothing_holds_of_a_tweet_that_was_not_scored_even_if_it_was_reported() -> None:
    assert after(reported(10, ALICE, 2)) == Moderation()


@pytest.mark.parametrize(
    ("action", "withheld", "sensitive"),
    [
        ("allow", False, False),
        ("label", False, False),
        ("sensitive", False, True),
        ("review", False, True),
        ("block", True, True),
    ],
)
def test_a_score_alone_says_what_is_done(action: str, withheld: bool, sensitive: bool) -> None:
    found = after(scored(10, ALICE, action, "toxicity"))
    assert (found.action, found.withheld, found.sensitive) == (action, withheld, sensitive)
    assert (found.reasons, found.decided) == (("toxicity",), False)


@pytest.mark.parametrize("occasion", ["posted", "viral", "rescan"])
def test_a_decision_stands_over_scores_before_and_after_it(occasion: str) -> None:
    found = after(
        scored(10, ALICE, "block", "toxicity", at_ms=1),
        decided(10, ALICE, "allow", at_ms=2),
        scored(10, ALICE, "block", "toxicity", occasion=occasion, at_ms=3),
    )
    assert (found.action, found.decided) == ("allow", True)


def test_the_last_decision_is_the_one_that_holds() -> None:
    found = after(
        decided(10, ALICE, "block", at_ms=1), appealed(10, ALICE), decided(10, ALICE, "allow")
    )
    assert found.action == "allow"


def test_a_link_that_is_forbidden_after_the_decision_blocks_in_spite_of_it() -> None:
    before = [scored(10, ALICE), decided(10, ALICE, "allow", at_ms=5)]
    late = scored(10, ALICE, "block", EVIL, occasion="rescan", at_ms=9)
    assert after(*before, late).action == "block"
    assert after(*before, late, decided(10, ALICE, "label", label="Old", at_ms=10)) == Moderation(
        "label", label="Old", decided=True, at_ms=10
    )


def test_what_was_decided_about_a_forbidden_link_is_not_undone_by_the_score_before_it() -> None:
    found = after(
        scored(10, ALICE, "block", EVIL, occasion="rescan", at_ms=4),
        decided(10, ALICE, "allow", at_ms=5),
    )
    assert found.action == "allow"


def test_a_label_by_the_scorer_says_in_words_what_it_found() -> None:
    assert after(scored(10, ALICE, "label", "misleading_link:tabloid.example spam")).label == (
        "This links to a misleading place."
    )
