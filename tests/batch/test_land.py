"""An epoch is landed when the archive holds every record before its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch import land
from batch.command import BatchFailed
from ingest.bulk import append_all
from ingest.ends import log_ends
from settings import Settings
from tests.ingest.archiving import archiver, lake_of_its_own
from tests.views.cast import liked

pytestmark = pytest.mark.engines


@pytest.fixture
def lake(kafka_server: Settings, tmp_path: Path) -> Settings:
    append_all(kafka_server, [liked(1, 8)] * 10)
    return lake_of_its_own(kafka_server, tmp_path)


def test_the_end_of_an_epoch_that_is_open_is_the_end_of_the_log(lake: Settings) -> None:
    ends = land.ends_of(lake, 2**42 // lake.epoch_ms)
    assert {place: end for place, end in ends.items() if end} == {
        place: end for place, end in log_ends(lake).items() if end
    }


def test_an_epoch_before_the_log_began_has_nothing_to_wait_for(lake: Settings) -> None:
    assert set(land.ends_of(lake, 1).values()) == {0}
    assert land.land(lake, 1, timeout_s=1)["through"] == 1


def test_an_archive_that_is_behind_is_named_with_what_is_missing(lake: Settings) -> None:
    with pytest.raises(BatchFailed, match=r"records are not archived .*likes/"):
        land.land(lake, 2**42 // lake.epoch_ms, timeout_s=0)


def test_landing_waits_for_the_archiver(lake: Settings, tmp_path: Path) -> None:
    with archiver(lake, tmp_path / "log"):
        done = land.land(lake, 2**42 // lake.epoch_ms, timeout_s=60)
    assert done["records"] == sum(log_ends(lake).values())
