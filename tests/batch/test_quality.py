"""An audit passes what is sound, names what is not, and stops there."""

from __future__ import annotations

from pathlib import Path

from batch import silver
from ingest.topics import EVENT_TOPICS
from lake import ledgers, tables
from settings import Settings
from tests.batch.environment import Outcome, run
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import ALICE, BOB, dismissed, liked, muted, posted
from tests.views.records import Record, log_of

EVENTS = [event for n in range(10, 40) for event in (posted(n, BOB), liked(ALICE, n))]
# One topic has events of which different people are the actors.
LOG = log_of([*EVENTS, muted(ALICE, BOB), dismissed(BOB, ALICE)])
END = LOG[-1].epoch + 1


def audit(settings: Settings) -> Outcome:
    return run(settings, "-m", "batch.quality", "--through", str(END))


def refined(folder: Path, log: list[Record]) -> Settings:
    """A lake with this log, in silver too."""
    settings = lake_in(folder)
    archive(settings, bronze_rows(log))
    for topic in EVENT_TOPICS:
        silver.refine(settings, topic, END)
    return settings


def test_a_sound_lake_passes_and_a_rejected_record_is_told_of(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    end = max(r.position.offset for r in LOG if r.position[:2] == ("likes", 1)) + 1
    sample = next(r for r in LOG if r.position[:2] == ("likes", 1))
    archive(lake, [bronze_rows([sample])[0] | {"offset": end, "value": b"nonsense"}])
    refined(tmp_path, LOG)
    done = audit(lake)
    assert done.code == 0
    assert done.result["expectations"] > 20
    (warning,) = done.result["warnings"]
    assert "column_values_to_be_between(rejected)" in warning
    assert "0 failed and stop publication, 1 are" in Path(done.result["report"]).read_text()


def test_what_is_repeated_missing_or_lost_stops_and_is_named(tmp_path: Path) -> None:
    lake = refined(tmp_path, LOG[:10] + LOG[12:])
    archive(lake, bronze_rows(LOG[:1]))
    tables.silver("likes").open(lake).delete("pos = 3")
    done = audit(lake)
    assert done.code == 65
    faults = (
        "bronze/events: compound_columns_to_be_unique(topic, partition, offset)",
        "bronze/partitions: column_pair_values_to_be_equal(archived, expected)",
        "silver/reconciliation: column_pair_values_to_be_equal(bronze, accounted)",
    )
    for fault in faults:
        assert fault in done.said
    rows = ledgers.QUALITY.open(lake).to_pyarrow_table().to_pylist()
    failed = {f"{r['table']}: {r['expectation']}" for r in rows if not r["passed"]}
    assert failed >= set(faults)
    page = (lake.state_dir / "quality" / "index.html").read_text()
    assert "compound_columns_to_be_unique" in page
