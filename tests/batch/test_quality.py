"""An audit passes what is sound, names what is not, and stops there."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch import silver
from ingest.topics import EVENT_TOPICS
from lake import tables
from settings import Settings
from tests.batch.environment import Outcome, run
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import ALICE, BOB, liked, posted
from tests.views.records import log_of

LOG = log_of([event for n in range(10, 40) for event in (posted(n, BOB), liked(ALICE, n))])
END = LOG[-1].epoch + 1


@pytest.fixture
def lake(tmp_path: Path) -> Settings:
    settings = lake_in(tmp_path)
    archive(settings, bronze_rows(LOG))
    return settings


def audit(settings: Settings) -> Outcome:
    for topic in EVENT_TOPICS:
        silver.refine(settings, topic, END)
    return run(settings, "-m", "batch.quality", "--through", str(END))


def test_a_sound_lake_passes(lake: Settings) -> None:
    done = audit(lake)
    assert (done.code, done.result["warnings"]) == (0, [])
    assert done.result["expectations"] > 20
    assert "0 failed" in Path(done.result["report"]).read_text()


def test_a_repeated_record_stops_and_is_named(lake: Settings) -> None:
    archive(lake, bronze_rows(LOG[:1]))
    done = audit(lake)
    assert done.code == 65
    assert "bronze/events: compound_columns_to_be_unique(topic, partition, offset)" in done.said
    failed = tables.QUALITY.open(lake).to_pyarrow_table().to_pylist()
    assert [r["table"] for r in failed if not r["passed"]][:1] == ["bronze/events"]
    page = (lake.state_dir / "quality" / "index.html").read_text()
    assert "compound_columns_to_be_unique" in page


def test_a_missing_record_stops_and_is_named(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    archive(lake, bronze_rows(LOG[:10] + LOG[12:]))
    done = audit(lake)
    assert done.code == 65
    assert "bronze/partitions: column_pair_values_to_be_equal(archived, expected)" in done.said


def test_a_rejected_record_is_told_and_does_not_stop(lake: Settings) -> None:
    end = max(r.position.offset for r in LOG if r.position[:2] == ("likes", 1)) + 1
    sample = next(r for r in LOG if r.position[:2] == ("likes", 1))
    poison = bronze_rows([sample])[0] | {"offset": end, "value": b"nonsense"}
    archive(lake, [poison])
    done = audit(lake)
    assert done.code == 0
    assert "column_values_to_be_between(rejected)" in done.result["warnings"][0]


def test_rows_that_silver_lost_stop(lake: Settings) -> None:
    for topic in EVENT_TOPICS:
        silver.refine(lake, topic, END)
    tables.silver("likes").open(lake).delete("pos = 3")
    done = run(lake, "-m", "batch.quality", "--through", str(END))
    assert done.code == 65
    assert "silver/reconciliation: column_pair_values_to_be_equal(bronze, accounted)" in done.said
