"""Is each alarm of a batch run kept, once, and told?"""

from __future__ import annotations

from pathlib import Path

from batch import alarm
from cli import alarms
from lake import tables
from tests.lake.filling import lake_in


def row(at_ms: int, run_id: str = "manual__1", **more: str) -> dict[str, object]:
    said = {"dag": "hourly_publish", "run_id": run_id, "task": "fold", "alarm": "failed"}
    return {"at_ms": at_ms, "reason": "MemoryError: no memory"} | said | more


def test_the_same_alarm_twice_is_one_and_they_come_newest_first(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    tables.create(settings)
    told = [row(1), row(2), row(3, task="", alarm="late"), row(4, run_id="o'clock")]
    for each in told:
        alarm.append(settings, each)
    assert alarm.since(settings, 0) == [told[3], told[2], told[1]]
    assert alarm.since(settings, 4) == [told[3]]


def test_a_person_reads_the_last_ones() -> None:
    late = row(0, task="", alarm="late", reason="was due at ten")
    first, second, *rest = alarms.lines([late, row(60_000)])
    assert first.startswith("2 alarms")
    assert second == "  00:00 UTC hourly_publish late: was due at ten"
    assert rest == ["  00:01 UTC hourly_publish.fold failed: MemoryError: no memory"]
    assert "no batch run has failed" in next(alarms.lines([]))
