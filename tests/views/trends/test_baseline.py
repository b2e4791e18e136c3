"""How many people are usual at an hour of the week? The SQL against a recount, and its use."""

from __future__ import annotations

from collections import defaultdict

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.trends.baseline import (
    HOURS_A_WEEK,
    LEAST,
    SQL,
    Baseline,
    Expected,
    Row,
    rows,
)
from views.trends.windows import HOUR

WEEK = HOURS_A_WEEK * HOUR
Use = tuple[str, int, int]


def asked(uses: list[Use], since: int, until: int) -> set[Row]:
    db = duckdb.connect()
    db.execute("CREATE TABLE tag_uses (tag VARCHAR, person_id BIGINT, minute BIGINT)")
    if uses:
        db.executemany("INSERT INTO tag_uses VALUES (?, ?, ?)", uses)
    db.execute(f"CREATE TABLE parameters AS SELECT {since} AS since, {until} AS until")
    return set(rows(db.sql(SQL).to_arrow_table().to_pylist()))


def recount(uses: list[Use], since: int, until: int) -> set[Row]:
    inside = [use for use in uses if since <= use[2] < until]
    people: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
    blocks: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
    for tag, person, minute in inside:
        hour = minute // HOUR
        people[tag, hour % HOURS_A_WEEK].add((hour, person))
        for hours in (4, 24):
            blocks[tag, hours].add((hour // hours, person))
    totals: dict[str, int] = defaultdict(int)
    for (tag, _), seen in people.items():
        totals[tag] += len(seen)
    return {
        Row(tag, hour, len(seen), len(blocks[tag, 4]), len(blocks[tag, 24]))
        for (tag, hour), seen in people.items()
        if totals[tag] >= LEAST
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 3), st.integers(0, 2 * WEEK)),
        max_size=40,
    )
)
def test_the_sql_equals_a_recount(uses: list[Use]) -> None:
    assert asked(uses, HOUR, 2 * WEEK) == recount(uses, HOUR, 2 * WEEK)


def weekly(tag: str, people: int, weeks: int, hour: int) -> list[Use]:
    """So many people in one hour of each week."""
    return [
        (tag, person, week * WEEK + hour * HOUR)
        for week in range(weeks)
        for person in range(people)
    ]


def test_a_tag_of_each_week_is_usual_in_its_hour_and_rare_in_another() -> None:
    usual = Baseline.of(asked(weekly("tbt", 30, 4, hour=15), 0, 4 * WEEK), 0, 4 * WEEK)
    in_its_hour = usual.expected("tbt", "1h", now=4 * WEEK + 16 * HOUR).people
    in_another = usual.expected("tbt", "1h", now=4 * WEEK + 40 * HOUR).people
    assert in_its_hour > 20
    assert in_another < 2


def test_a_tag_that_is_used_alike_at_all_hours_is_expected_so() -> None:
    uses = [
        ("jobs", person, hour * HOUR) for hour in range(4 * HOURS_A_WEEK) for person in range(3)
    ]
    usual = Baseline.of(asked(uses, 0, 4 * WEEK), 0, 4 * WEEK)
    assert usual.expected("jobs", "1h", 4 * WEEK).people == pytest.approx(3)
    # The same three people all day: of a day three are expected, not seventy-two.
    assert usual.expected("jobs", "24h", 4 * WEEK).people == pytest.approx(3)


def test_of_a_tag_nobody_used_nothing_is_expected() -> None:
    usual = Baseline.of([], 0, WEEK)
    assert usual.expected("new", "24h", WEEK) == Expected(0, 0)


def test_what_decays_is_expected_to_decay() -> None:
    uses = [("jobs", hour, hour * HOUR) for hour in range(4 * HOURS_A_WEEK)]
    usual = Baseline.of(asked(uses, 0, 4 * WEEK), 0, 4 * WEEK)
    expected = usual.expected("jobs", "24h", 4 * WEEK)
    # Of a steady stream, a window that halves at its middle keeps (1 - 1/4) / (2 ln 2) of it.
    assert expected.decayed / expected.people == pytest.approx(0.541, abs=0.01)
