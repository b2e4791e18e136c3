"""Upkeep joins files, keeps time travel and every offset."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lake.archive import archived_offsets
from lake.tables import BRONZE, gold
from lake.travel import as_of
from lake.upkeep import upkeep
from tests.lake.filling import archive, bronze_rows, fold_by_hand, lake_in
from tests.views.cast import ALICE, liked
from tests.views.records import log_of
from views.tweet_counts import TWEET_COUNTS


def test_many_small_files_become_one_and_no_offset_is_forgotten(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    log = log_of([liked(ALICE, tweet) for tweet in range(10, 20)], partitions=1)
    for record in log:
        archive(settings, bronze_rows([record]))
    kept = upkeep(BRONZE, settings)
    assert (kept.joined, kept.into) == (10, 1)
    assert BRONZE.open(settings).count() == 10
    assert archived_offsets(settings, [("likes", 0)]) == {("likes", 0): 10}


def test_an_earlier_version_can_be_read_after_upkeep(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    fold_by_hand(settings, TWEET_COUNTS, 5, {10: ({"like_count": 1}, 5)})
    then = datetime.now(UTC)
    fold_by_hand(settings, TWEET_COUNTS, 6, {10: ({"like_count": 4}, 6)})
    upkeep(gold(TWEET_COUNTS), settings)
    rows = as_of(gold(TWEET_COUNTS), settings, then).to_pyarrow_table()
    assert rows.column("like_count").to_pylist() == [1]
