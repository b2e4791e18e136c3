"""What differs is counted and named; what does not is silent."""

from __future__ import annotations

from replay.checking import check_counts, check_number, check_timelines

ALICE, BOB = 1, 2
NAMES = {ALICE: "alice"}


def test_equal_timelines_are_fine() -> None:
    check = check_timelines({ALICE: [3, 1], BOB: []}, [(ALICE, [3, 1]), (BOB, [])], NAMES)
    assert (check.asked, check.wrong, check.ok) == (2, 0, True)


def test_a_wrong_timeline_says_whose_and_what() -> None:
    check = check_timelines({ALICE: [3, 1]}, [(ALICE, [4, 3])], NAMES)
    assert check.examples == [
        "home of alice: should hold 2 entries, holds 2; lacks 1 (e.g. 1); "
        "holds from elsewhere 1 (e.g. 4)"
    ]


def test_a_wrong_order_is_wrong() -> None:
    check = check_timelines({BOB: [3, 1]}, [(BOB, [1, 3])], NAMES)
    assert check.examples == ["home of 2: should hold 2 entries, holds 2; the order differs"]


def test_only_measures_the_oracle_speaks_of_are_compared() -> None:
    expected = {ALICE: {"tweet_count": 2}, BOB: {"tweet_count": 1}}
    served = [(ALICE, {"tweet_count": 2, "other": 9}), (BOB, {"tweet_count": 0, "other": 9})]
    check = check_counts("user counts", expected, served, NAMES)
    assert (check.asked, check.wrong) == (2, 1)
    assert check.examples == ["user counts of 2: tweet_count should be 1, is 0"]


def test_many_differences_are_counted_and_a_few_spelled_out() -> None:
    expected = {key: {"tweet_count": 1} for key in range(10)}
    served = [(key, {"tweet_count": 0}) for key in range(10)]
    check = check_counts("user counts", expected, served, NAMES)
    assert check.wrong == 10
    assert len(check.examples) == 3


def test_a_number_is_compared() -> None:
    assert check_number("deliveries", 5, 5).ok
    assert check_number("deliveries", 5, 4).examples == ["should be 5, is 4"]
