"""Two archivers that meet on one table: the one that comes second notices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.archiver_writer import AnotherArchiver, BronzeWriter, LakeFull
from ingest.gathering import Batch, LogGap
from lake.tables import BRONZE
from lake.upkeep import upkeep
from tests.lake.filling import lake_in

PLACE = ("likes", 0)


@dataclass
class Message:
    """What the archiver asks a Kafka message."""

    at: int

    def topic(self) -> str:
        return PLACE[0]

    def partition(self) -> int:
        return PLACE[1]

    def offset(self) -> int:
        return self.at

    def timestamp(self) -> tuple[int, int]:
        return 2, 1_000

    def headers(self) -> list[tuple[str, bytes]]:
        return [("request_id", b"r1")]

    def key(self) -> bytes:
        return b"1"

    def value(self) -> bytes:
        return b"\xff not JSON, kept as it is"

    def __len__(self) -> int:
        return 30


def batch_of(*offsets: int) -> Batch:
    batch = Batch()
    for offset in offsets:
        batch.add(Message(offset))
    return batch


def test_a_record_is_kept_as_it_was(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    BronzeWriter(settings, [PLACE]).write(batch_of(0))
    (row,) = BRONZE.open(settings).to_pyarrow_table().to_pylist()
    assert (row["value"], row["key"], row["request_id"]) == (Message(0).value(), b"1", "r1")


def test_a_second_archiver_on_the_same_records_is_refused(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    first, second = BronzeWriter(settings, [PLACE]), BronzeWriter(settings, [PLACE])
    first.write(batch_of(0, 1))
    with pytest.raises(AnotherArchiver):
        second.write(batch_of(0, 1, 2))
    assert BRONZE.open(settings).count() == 2


def test_upkeep_between_two_commits_is_no_other_archiver(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    writer = BronzeWriter(settings, [PLACE])
    for offset in range(3):
        writer.write(batch_of(offset))
    upkeep(BRONZE, settings)
    with pytest.raises(Exception, match=r"(?i)commit"):
        writer.write(batch_of(3))  # refused once: someone has committed; then tried again
    writer.write(batch_of(3))
    assert BRONZE.open(settings).count() == 4


def test_a_commit_that_succeeded_though_it_said_otherwise_is_not_made_again(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    writer, same = BronzeWriter(settings, [PLACE]), BronzeWriter(settings, [PLACE])
    same.write(batch_of(0, 1))
    writer.write(batch_of(0, 1))  # refused by Delta; the table holds exactly these
    assert writer.next == {PLACE: 2}
    assert BRONZE.open(settings).count() == 2


def test_records_that_do_not_follow_each_other_are_refused() -> None:
    with pytest.raises(LogGap):
        batch_of(4, 6)


def test_a_disk_without_room_is_named_before_it_is_full(tmp_path: Path) -> None:
    settings = lake_in(tmp_path).model_copy(update={"lake_free_bytes": 2**60})
    with pytest.raises(LakeFull, match="STARLING_LAKE_FREE_BYTES"):
        BronzeWriter(settings, [PLACE]).write(batch_of(0))
