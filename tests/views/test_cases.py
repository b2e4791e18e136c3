"""The shared cases, run in memory."""

from __future__ import annotations

import pytest

from tests.views.cases import CASES, Case, totals_of
from tests.views.memory import fold
from tests.views.records import log_of
from views.registry import fold_views


@pytest.mark.parametrize("view", fold_views(), ids=lambda v: v.name)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_case_gives_its_totals(case: Case, view) -> None:
    assert totals_of(fold(view, log_of(case.events))) == case.totals(view.name)
