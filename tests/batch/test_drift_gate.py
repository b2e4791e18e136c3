"""Totals in which the layers differ by too much are not published."""

from __future__ import annotations

import pytest

from batch.drift import Drift
from batch.drift_gate import TooMuchDrift, require
from settings import Settings

SETTINGS = Settings(drift_stops_percent=5, drift_stops_least=10)


def drift(lake: int, difference: int) -> Drift:
    return Drift("like_count", 7, lake_total=lake, absolute_difference=difference, example_key=12)


def test_a_little_drift_is_told_and_stops_nobody() -> None:
    assert require(SETTINGS, {"tweet_counts": [drift(1_000, 20)], "poll_counts": []}) == {
        "tweet_counts": 2.0,
        "poll_counts": 0.0,
    }


def test_a_large_share_of_next_to_nothing_stops_nobody() -> None:
    assert require(SETTINGS, {"tweet_counts": [drift(10, 9)]}) == {"tweet_counts": 90.0}


def test_much_drift_stops_publication_and_says_where() -> None:
    found = {"user_counts": [drift(500, 0)], "tweet_counts": [drift(100, 0), drift(100, 30)]}
    with pytest.raises(TooMuchDrift, match=r"tweet_counts differs by 30 .*epoch 7, e.g. key 12"):
        require(SETTINGS, found)
