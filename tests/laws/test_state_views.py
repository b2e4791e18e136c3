"""The laws every StateView is held to, over random histories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.histories import logs
from tests.views.memory import state
from tests.views.records import Record
from views.contract import StateView
from views.registry import ASIDES, state_views

every_state_view = pytest.mark.parametrize("view", [*state_views(), *ASIDES], ids=lambda v: v.name)


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
def test_an_event_changes_a_key_at_most_once_and_only_where_the_view_names_it(
    view: StateView, log: list[Record]
) -> None:
    for record in log:
        keys = [change.key for change in view.project(record.event)]
        assert len(keys) == len(set(keys))
        assert not keys or isinstance(record.event, view.events)


@every_state_view
@given(log=logs)
def test_a_key_belongs_to_one_actor(view: StateView, log: list[Record]) -> None:
    """So that all its events stand in one partition, and their positions can be compared."""
    actors = [
        (change.key, record.event.actor_id)
        for record in log
        for change in view.project(record.event)
    ]
    assert len({key for key, _ in actors}) == len(set(actors))
