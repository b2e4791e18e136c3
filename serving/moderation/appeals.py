"""May an author ask that a person look again, and what came of it?"""

from __future__ import annotations

from typing import Any

from serving.moderation.cases import Case, Row

DAY_MS = 86_400_000
APPEALABLE = frozenset({"label", "sensitive", "block"})
"""What is done of which one may appeal; what waits in review is looked at by a person anyway."""


def refusal(case: Case, now_ms: int, days: int) -> str | None:
    """Why the author may not appeal now, in words; None where they may.

    Once for each decision, be it a person's or the scorer's; the answer to an appeal is the last
    word.
    """
    state, last = case.state, case.last_decision
    if case.open_appeal is not None:
        return "You have appealed already; somebody will look at it."
    if state.action not in APPEALABLE:
        return "Nothing is withheld or labelled here."
    if state.decided and last is not None and last["appeal"]:
        return "Your appeal was decided; that is the last word."
    if now_ms - state.at_ms > days * DAY_MS:
        return f"An appeal is possible for {days} days."
    return None


def answer(notice: dict[str, Any] | Row) -> str | None:
    """How a decision answers an appeal: `reversed` where nothing is done any more, `changed` where
    something else is, else `upheld`; None of what answers none."""
    if not notice["appeal"]:
        return None
    if notice["action"] == "allow":
        return "reversed"
    return "upheld" if notice["action"] == notice["held"] else "changed"
