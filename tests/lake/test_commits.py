"""A batch run is found by its commit, whatever upkeep commits on top of it."""

from __future__ import annotations

from pathlib import Path

from lake import tables
from lake.commits import last_run, mark, metadata
from lake.upkeep import upkeep
from tests.lake.filling import fold_by_hand, lake_in
from views.tweet_counts import TWEET_COUNTS

GOLD = tables.gold(TWEET_COUNTS)


def test_a_table_that_no_run_wrote_has_no_run(tmp_path: Path) -> None:
    assert last_run(GOLD, lake_in(tmp_path)) is None


def test_upkeep_on_top_of_a_run_is_passed_over(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    fold_by_hand(settings, TWEET_COUNTS, 5, {10: ({"like_count": 1}, 5)})
    written = GOLD.open(settings).version()
    upkeep(GOLD, settings)
    mark(GOLD, settings, "")
    run = last_run(GOLD, settings)
    assert run is not None
    assert (run.through, run.version) == (5, written)


def test_a_run_that_has_nothing_to_write_says_how_far_it_is(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    mark(tables.silver("likes"), settings, metadata(7, first=3))
    run = last_run(tables.silver("likes"), settings)
    assert run is not None
    assert (run.through, run.facts) == (7, {"first": 3})
