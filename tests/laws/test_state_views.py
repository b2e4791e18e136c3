"""The laws every StateView is held to, over random histories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.histories import logs
from tests.views.memory import state
from tests.views.records import Record
from views.contract import StateView
from views.registry import state_views

every_state_view = pytest.mark.parametrize("view", state_views(), ids=lambda v: v.name)


@every_state_view
@given(log=logs, data=st.data())
def test_records_in_any_order_and_any_number_of_times_give_the_same_rows(
    view: StateView, log: list[Record], data: st.DataObject
) -> None:
    replayed = [*log, *data.draw(st.lists(st.sampled_from(log)) if log else st.just([]))]
    shuffled = data.draw(st.permutations(replayed))
    assert state(view, shuffled) == state(view, log)


@every_state_view
@given(log=logs)
def test_every_event_named_by_the_view_changes_one_key(view: StateView, log: list[Record]) -> None:
    for record in log:
        changes = list(view.project(record.event))
        assert len(changes) == (1 if isinstance(record.event, view.events) else 0)
