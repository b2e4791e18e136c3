"""Tiles cover a window without a gap, few of them, and are readable as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from views.features.publication import KEPT, changed, gone
from views.features.tables import PAIRS, USERS
from views.features.tiles import Reading, Tiles
from views.features.windows import DAY_MS, WINDOWS, Clock, Window

CLOCK = Clock(300_000, 30_000)
DAY_EPOCHS = DAY_MS // CLOCK.epoch_ms
throughs = st.integers(40 * DAY_EPOCHS, 42 * DAY_EPOCHS)


def epochs_of(unit: str, number: int) -> range:
    epochs = CLOCK.unit_ms(unit) // CLOCK.epoch_ms
    return range(number * epochs, (number + 1) * epochs)


@given(st.sampled_from(WINDOWS), throughs, st.integers(0, 3 * DAY_EPOCHS))
def test_each_epoch_of_a_window_before_the_pointer_is_in_one_tile(
    window: Window, through: int, back: int
) -> None:
    pointer = through - back
    held = [
        epoch
        for unit, numbers in CLOCK.tiles(window, through, pointer)
        for number in numbers
        for epoch in epochs_of(unit, number)
    ]
    first = CLOCK.begin_ms(window, through) // CLOCK.epoch_ms
    assert held == list(range(first, pointer))
    tiles = sum(len(numbers) for _unit, numbers in CLOCK.tiles(window, through, pointer))
    assert tiles <= 31 + 24 + 12


@given(st.sampled_from(WINDOWS), throughs)
def test_a_window_is_as_long_as_its_name_says_and_at_most_a_unit_longer(
    window: Window, through: int
) -> None:
    length = through * CLOCK.epoch_ms - CLOCK.begin_ms(window, through)
    assert window.length_ms <= length < window.length_ms + CLOCK.unit_ms(window.unit)


@given(st.sampled_from(WINDOWS), throughs, st.integers(0, 40 * DAY_EPOCHS))
def test_an_epoch_leaves_a_window_when_it_begins_later(
    window: Window, through: int, epoch: int
) -> None:
    held = CLOCK.begin_ms(window, through) <= epoch * CLOCK.epoch_ms
    assert held == (through < CLOCK.leaves(window, epoch))


def test_without_any_activity_all_features_are_zero() -> None:
    for table in (USERS, PAIRS):
        reading = Reading(table, CLOCK, 12_000, 11_990)
        assert set(reading.values(Tiles.read(None), {}).values()) == {0}


def test_a_run_within_an_hour_writes_what_happened_in_that_hour_only() -> None:
    noon = 41 * DAY_EPOCHS + DAY_EPOCHS // 2
    assert changed(CLOCK, noon + 3, noon + 9) == (noon, noon + 9)
    begin, end = gone(CLOCK, noon + 3, noon + 9)
    assert begin == end


def test_a_run_over_midnight_writes_the_day_that_is_over_and_sweeps_the_one_that_left() -> None:
    midnight = 41 * DAY_EPOCHS
    assert changed(CLOCK, midnight - 2, midnight + 2) == (40 * DAY_EPOCHS, midnight + 2)
    assert gone(CLOCK, midnight - 2, midnight + 2) == (10 * DAY_EPOCHS, 11 * DAY_EPOCHS)


def test_the_tiles_of_the_busiest_entity_are_few() -> None:
    at = 41 * DAY_EPOCHS + 200
    kept = [at * CLOCK.epoch_ms - CLOCK.begin_ms(window, at) for window in KEPT.values()]
    assert sum(ms // CLOCK.unit_ms(u) for u, ms in zip(KEPT, kept, strict=True)) <= 13 + 25 + 31
