"""A mark never says more than is applied, in whatever order that happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from realtime.order import Order

PLACE = "tweets/3"
# Offsets rise, with gaps; a burst says its first several times.
offsets = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=20)


@given(offsets, st.data())
def test_all_up_to_a_mark_is_applied_and_in_the_end_all_is_marked(steps, data) -> None:
    at, due = 0, []
    for step, times in steps:
        at += step
        due += [at] * times
    happen = [("note", offset) for offset in due]
    for offset in data.draw(st.permutations(due)):
        happen.insert(data.draw(st.integers(0, len(happen))), ("apply", offset))
    order, marks, waiting = Order(), list[int](), list(due)
    noted: set[int] = set()
    for what, offset in happen:
        if what == "apply":
            waiting.remove(offset)
        else:
            noted.add(offset)
        if (reached := getattr(order, what)(PLACE, offset)) is not None:
            marks.append(reached)
            assert reached in noted
            assert all(left > reached or due.count(left) > 1 for left in waiting)
    assert marks == sorted(marks)
    assert marks[-1] == due[-1]


def test_places_do_not_wait_for_each_other() -> None:
    order = Order()
    assert order.note("tweets/0", 7) is None
    assert order.note("tweets/1", 8) is None
    assert order.apply("tweets/1", 8) == 8
    assert order.apply("tweets/0", 7) == 7


def test_what_is_applied_once_more_after_a_restart_changes_nothing() -> None:
    order = Order()  # anew: that 6 was noted is forgotten
    assert order.apply(PLACE, 6) is None
    assert order.note(PLACE, 7) is None
    assert order.apply(PLACE, 7) == 7
