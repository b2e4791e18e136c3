"""How many people used a tag in a window? Held to a recount of all uses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.trends.windows import LONGEST, WINDOWS, Counts, TagWindows, half_life

USES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2 * LONGEST)), max_size=30)


def recount(uses: list[tuple[int, int]], window: str, now: int) -> Counts:
    """From all the uses, the slow way."""
    inside = [(person, at) for person, at in uses if now - WINDOWS[window] <= at < now]
    newest: dict[int, int] = {}
    for person, at in uses:
        newest[person] = max(at, newest.get(person, at))
    ages = [now - 1 - at for at in newest.values() if now - WINDOWS[window] <= at < now]
    return Counts(len(ages), sum(0.5 ** (age / half_life(window)) for age in ages), len(inside))


@given(USES, st.integers(0, 3 * LONGEST), st.integers(0, 3 * LONGEST), st.sampled_from([*WINDOWS]))
def test_windows_equal_a_recount_in_any_order_and_after_forgetting(
    uses: list[tuple[int, int]], now: int, sooner: int, window: str
) -> None:
    now = max([now, *(at + 1 for _, at in uses)])  # a window ends at the newest use or later
    tag = TagWindows()
    for person, at in uses:
        tag.use(person, at)
    tag.forget(min(sooner, now))
    counts, expected = tag.counts(window, now), recount(uses, window, now)
    assert (counts.people, counts.uses) == (expected.people, expected.uses)
    assert counts.decayed == pytest.approx(expected.decayed, rel=1e-4)


def test_one_who_posts_a_hundred_times_is_one_person() -> None:
    tag = TagWindows()
    for minute in range(50):
        tag.use(1, minute)
        tag.use(1, minute)
    assert tag.counts("1h", now=50) == Counts(people=1, decayed=1.0, uses=100)


def test_a_person_counts_half_after_half_of_the_window() -> None:
    tag = TagWindows()
    tag.use(1, 0)
    assert [tag.counts(w, now=WINDOWS[w] // 2 + 1).decayed for w in WINDOWS] == [0.5] * 3


def test_nothing_is_left_of_what_is_too_old() -> None:
    tag = TagWindows()
    tag.use(1, 0, "Storm", ("flood",))
    tag.forget(LONGEST + 60)
    assert len(tag) == 0
    assert tag.share_beside("flood") == 0


def test_it_is_spelled_as_most_spell_it() -> None:
    tag = TagWindows()
    for spelling in ("storm", "Storm", "STORM", "Storm"):
        tag.use(1, 0, spelling)
    assert tag.spelling() == "Storm"
