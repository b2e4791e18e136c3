"""What ends a request to follow?"""

from __future__ import annotations

import pytest

from tests.views.cast import ALICE, BOB, accepted, declined, followed, requested, unfollowed
from tests.views.memory import state
from tests.views.records import log_of
from views.follow_requests import FOLLOW_REQUESTS


@pytest.mark.parametrize("answer", [accepted, declined, unfollowed])
def test_an_answer_ends_it(answer) -> None:
    asked = requested(BOB, ALICE)
    assert list(state(FOLLOW_REQUESTS, log_of([asked]))) == [(ALICE, BOB)]
    assert state(FOLLOW_REQUESTS, log_of([asked, answer(BOB, ALICE)])) == {}
    again = log_of([asked, answer(BOB, ALICE), asked])
    assert list(state(FOLLOW_REQUESTS, again)) == [(ALICE, BOB)]


def test_a_follow_that_nobody_asked_for_writes_nothing() -> None:
    assert list(FOLLOW_REQUESTS.project(followed(BOB, ALICE))) == []
