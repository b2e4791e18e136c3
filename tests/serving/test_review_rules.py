"""When do reports count, who may decide and appeal, and what is told? Rules without a server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from ingest.events.moderation import DECISIONS, REPORT_REASONS
from serving.errors import Forbidden, InvalidRequest
from serving.moderation.appeals import DAY_MS, answer, refusal
from serving.moderation.cases import Case
from serving.moderation.deciding import NewDecision, check, check_spam, may_decide, repeated
from serving.moderation.queue import Place, Queue
from serving.moderation.reporting import outcome, severity
from serving.openapi.moderation import Decision, Reason
from tests.views.cast import ALICE, BOB, CAROL
from views.moderation_history import APPEALED, DECIDED
from views.review_queue import APPEAL, HIGH, NORMAL, PARTS, REPORTS, SCORE, URGENT
from views.timelines import bucket_of

NOW = 100 * DAY_MS


def decision_row(action: str, at_ms: int, label: str | None = None) -> dict[str, Any]:
    return {"action": action, "at_ms": at_ms, "reasons": "Because", "label": label}


def score_row(action: str, at_ms: int) -> dict[str, Any]:
    return {"action": action, "at_ms": at_ms, "reasons": "", "occasion": "posted"}


def said(kind: str, at_ms: int, who: int = BOB, **more: Any) -> dict[str, Any]:
    known = {"action": "block", "reasons": "Because", "label": None, "appeal": False, "spam": False}
    return {"kind": kind, "at_ms": at_ms, "who_id": who} | known | more


BLOCKED = Case(10, decision=decision_row("block", NOW), history=[said(DECIDED, NOW)])


def test_the_document_knows_the_words_that_the_log_knows() -> None:
    assert get_args(Reason) == REPORT_REASONS
    assert get_args(Decision) == DECISIONS


@pytest.mark.parametrize(
    ("reasons", "acts", "due"),
    [
        (["spam", "other"], 0, NORMAL),
        (["spam", "hate"], 0, HIGH),
        (["spam", "self_harm"], 0, URGENT),
        (["spam"], 1_000, HIGH),
        (["violence"], 1_000, URGENT),
    ],
)
def test_the_worst_reason_and_how_far_it_went_say_how_urgent_it_is(
    reasons: list[str], acts: int, due: int
) -> None:
    assert severity(reasons, acts, far=1_000) == due


def test_reports_before_the_last_decision_are_answered_and_a_person_counts_once() -> None:
    reports = [
        {"reporter_id": who, "at_ms": at_ms, "reason": "spam", "comment": ""}
        for who, at_ms in ((BOB, NOW + 2), (BOB, NOW + 1), (CAROL, NOW - 1))
    ]
    assert [row["reporter_id"] for row in replace(BLOCKED, reports=reports).standing_reports] == [
        BOB
    ]


@pytest.mark.parametrize(
    ("score", "decision", "status"),
    [
        (None, None, "received"),
        (score_row("review", NOW + 1), None, "received"),
        (score_row("block", NOW - 1), None, "received"),
        (score_row("block", NOW + 1), None, "acted"),
        (None, decision_row("label", NOW + 1), "acted"),
        (score_row("block", NOW + 1), decision_row("allow", NOW + 2), "kept"),
        (None, decision_row("block", NOW - 1), "received"),
    ],
)
def test_whoever_reported_hears_of_what_came_after(score: Any, decision: Any, status: str) -> None:
    assert outcome(NOW, score, decision).status == status


@pytest.mark.parametrize("action", ["label", "sensitive", "block"])
def test_an_author_may_appeal_against_what_is_done_for_thirty_days(action: str) -> None:
    case = Case(10, score=score_row(action, NOW))
    assert refusal(case, NOW + 30 * DAY_MS, 30) is None
    assert refusal(case, NOW + 30 * DAY_MS + 1, 30) is not None


@pytest.mark.parametrize("action", ["allow", "review"])
def test_where_nothing_is_decided_against_a_tweet_there_is_no_appeal(action: str) -> None:
    assert refusal(Case(10, score=score_row(action, NOW)), NOW, 30) is not None


def test_an_appeal_is_possible_once_a_decision_and_its_answer_is_the_last_word() -> None:
    appealed = replace(BLOCKED, history=[said(APPEALED, NOW + 1, ALICE), *BLOCKED.history])
    assert refusal(BLOCKED, NOW + 1, 30) is None
    assert refusal(appealed, NOW + 2, 30) is not None
    answered = replace(appealed, history=[said(DECIDED, NOW + 2, appeal=True), *appealed.history])
    assert answered.open_appeal is None
    assert refusal(answered, NOW + 3, 30) is not None


@pytest.mark.parametrize(
    ("action", "held", "came"),
    [("allow", "block", "reversed"), ("block", "block", "upheld"), ("label", "block", "changed")],
)
def test_an_author_hears_how_an_appeal_was_answered(action: str, held: str, came: str) -> None:
    assert answer({"appeal": True, "action": action, "held": held}) == came
    assert answer({"appeal": False, "action": action, "held": held}) is None


def test_nobody_decides_about_their_own_nor_twice_where_there_is_somebody_else() -> None:
    with pytest.raises(Forbidden):
        may_decide(BLOCKED, ALICE, ALICE, others=False)
    appealed = replace(BLOCKED, waits={APPEAL: (HIGH, NOW)})
    with pytest.raises(Forbidden):
        may_decide(appealed, ALICE, BOB, others=True)
    may_decide(appealed, ALICE, BOB, others=False)
    may_decide(appealed, ALICE, CAROL, others=True)
    may_decide(replace(BLOCKED, waits={REPORTS: (HIGH, NOW)}), ALICE, BOB, others=True)


@pytest.mark.parametrize(
    "asked",
    [
        NewDecision("block", " "),
        NewDecision("label", "Why"),
        NewDecision("label", "Why", label=" "),
        NewDecision("block", "Why", label="Beside"),
        NewDecision("label", "Why", label="Beside", spam=True),
    ],
)
def test_what_does_not_go_together_is_no_decision(asked: NewDecision) -> None:
    with pytest.raises(InvalidRequest):
        check(asked)


def test_what_many_say_without_harm_is_not_known_as_spam() -> None:
    asked = NewDecision("block", "Sold a thousand times", spam=True)
    check_spam(asked, "Win a phone, only today!")
    with pytest.raises(InvalidRequest):
        check_spam(asked, "Good morning!")


def test_a_decision_that_is_said_again_is_known_until_something_waits_anew() -> None:
    asked = NewDecision("block", "Because")
    assert repeated(BLOCKED, asked, BOB)
    assert not repeated(BLOCKED, asked, CAROL)
    assert not repeated(BLOCKED, NewDecision("allow", "Because"), BOB)
    assert not repeated(replace(BLOCKED, waits={APPEAL: (HIGH, NOW)}), asked, BOB)


class Waiting:
    """Cases in memory: `{tweet: {why: severity}}`, asked as Cassandra is."""

    def __init__(self, waits: dict[int, dict[str, int]]) -> None:
        self.waits = waits

    def ask(self, statements: Any) -> list[list[dict[str, Any]]]:
        return [self._part(*bound) for _, bound in statements]

    def _part(self, severity: int, part: int, after: int, count: int) -> list[dict[str, Any]]:
        rows = [
            {"tweet_id": id}
            for id in sorted(self.waits)
            if id > after and bucket_of(id, PARTS) == part
            for why in sorted(self.waits[id])
            if self.waits[id][why] == severity
        ]
        return rows[:count]

    def of(self, ids: Any) -> dict[int, Case]:
        waits = {id: {why: (s, 0) for why, s in self.waits[id].items()} for id in ids}
        return {id: Case(id, waits=waits[id]) for id in ids}


def pages(queue: Queue, limit: int) -> list[list[int]]:
    found, at = [], Place()
    while at is not None:
        page = queue.page(Place.of(at.number), limit, lambda cases: list(cases.values()))
        found.append([case.tweet_id for case in page.cases])
        at = page.next
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_of_the_queue_have_all_that_waits_once_the_most_urgent_first(limit: int) -> None:
    waits = {
        1: {SCORE: NORMAL},
        2: {SCORE: NORMAL, REPORTS: URGENT},
        3: {APPEAL: HIGH, SCORE: HIGH},
        4: {REPORTS: URGENT},
        5: {SCORE: NORMAL},
        6: {SCORE: HIGH, REPORTS: NORMAL},
    }
    found = pages(Queue(Waiting(waits)), limit)  # type: ignore[arg-type]
    assert [id for page in found for id in page] == [2, 4, 3, 6, 1, 5]


def test_a_part_of_the_queue_with_more_than_its_share_stays_in_order() -> None:
    crowd = [id for id in range(1, 2_000) if bucket_of(id, PARTS) == 3]
    waits = {id: {SCORE: NORMAL} for id in range(1, 2_000, 50)}
    waits |= {id: {SCORE: NORMAL, REPORTS: NORMAL, APPEAL: NORMAL} for id in crowd}
    found = pages(Queue(Waiting(waits)), 20)  # type: ignore[arg-type]
    assert [id for page in found for id in page] == sorted(waits)


def test_a_page_of_the_queue_goes_on_where_most_is_left_out() -> None:
    queue = Queue(Waiting({id: {SCORE: NORMAL} for id in range(1, 100)}))  # type: ignore[arg-type]
    found, at, asked = [], Place(), 0
    while at is not None:
        page = queue.page(at, 1, lambda cases: [c for c in cases.values() if c.tweet_id > 97])
        found += [case.tweet_id for case in page.cases]
        at, asked = page.next, asked + 1
    assert found == [98, 99]
    assert asked > 2
