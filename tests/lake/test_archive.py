"""How far the archive is, is read off bronze itself."""

from __future__ import annotations

from pathlib import Path

from lake.archive import archived_offsets
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import ALICE, liked
from tests.views.records import log_of


def test_the_watermark_is_the_next_offset_of_each_partition(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    archive(settings, bronze_rows(log_of([liked(ALICE, 10), liked(ALICE, 11)], partitions=1)))
    places = [("likes", 0), ("likes", 1)]
    assert archived_offsets(settings, places) == {("likes", 0): 2, ("likes", 1): 0}


def test_a_lake_that_is_not_there_has_archived_nothing(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "none")
    assert archived_offsets(settings, [("likes", 0)]) == {("likes", 0): 0}
