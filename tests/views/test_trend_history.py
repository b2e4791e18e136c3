"""What trended stays to be looked up."""

from __future__ import annotations

from tests.views import memory
from tests.views.cast import trended
from tests.views.records import log_of
from views.trend_history import TREND_HISTORY


def test_each_moment_a_tag_was_shown_is_a_row_with_its_evidence() -> None:
    log = log_of([trended(1, "storm", minute=7), trended(1, "storm", minute=12)])
    rows = memory.state(TREND_HISTORY, log)
    assert list(rows) == [(1, 0, 420_000, 1, "storm"), (1, 0, 720_000, 1, "storm")]
    assert rows[1, 0, 420_000, 1, "storm"]["people"] == 40


def test_the_same_moment_told_twice_is_one_row() -> None:
    assert len(memory.state(TREND_HISTORY, log_of([trended(1, "storm")] * 2))) == 1
