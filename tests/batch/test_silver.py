"""Bronze becomes silver: typed, once, what is no event set apart; again and again the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from batch import silver
from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.commits import last_run
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import ALICE, BOB, followed, liked, posted, unliked
from tests.views.records import log_of

LOG = log_of([liked(ALICE, 10), posted(10, BOB), followed(ALICE, BOB), unliked(ALICE, 10)] * 5)
END = LOG[-1].epoch + 1


@pytest.fixture
def lake(tmp_path: Path) -> Settings:
    settings = lake_in(tmp_path)
    archive(settings, bronze_rows(LOG))
    return settings


def refine(settings: Settings, end: int, **how: bool) -> dict[str, dict[str, int]]:
    return {topic: silver.refine(settings, topic, end, **how) for topic in EVENT_TOPICS}


def rows(settings: Settings, topic: str) -> list[dict[str, Any]]:
    found = tables.silver(topic).open(settings).to_pyarrow_table().to_pylist()
    return sorted(found, key=lambda row: (row["partition"], row["pos"]))


def test_each_event_is_a_typed_row_with_its_place(lake: Settings) -> None:
    refine(lake, END)
    likes = [r for r in LOG if r.position.topic == "likes"]
    found = rows(lake, "likes")
    assert len(found) == len(likes)
    first = found[0]
    assert (first["kind"], first["user_id"], first["tweet_id"]) == ("Liked", ALICE, 10)
    assert {(r["partition"], r["pos"], r["epoch"]) for r in found} == {
        (r.position.partition, r.position.offset, r.epoch) for r in likes
    }


def test_epochs_that_are_open_wait(lake: Settings) -> None:
    refine(lake, END - 2)
    assert max(row["epoch"] for row in rows(lake, "likes")) < END - 2
    refine(lake, END - 2, ahead=True)
    assert len(rows(lake, "likes")) == sum(r.position.topic == "likes" for r in LOG)
    run = last_run(tables.silver("likes"), lake)
    assert run is not None
    assert run.through == END - 2


def test_refining_in_steps_twice_and_at_once_is_the_same(lake: Settings, tmp_path: Path) -> None:
    for end in (END - 3, END - 3, END - 1, END, END):
        refine(lake, end)
    other = lake_in(tmp_path / "other")
    archive(other, bronze_rows(LOG))
    refine(other, END)
    assert all(rows(lake, topic) == rows(other, topic) for topic in EVENT_TOPICS)


def test_a_record_whose_clock_stepped_back_is_found_by_the_next_run(lake: Settings) -> None:
    refine(lake, END)
    place = max(r.position for r in LOG if r.position.topic == "likes")
    late = LOG[-1]._replace(
        position=place._replace(offset=place.offset + 1), append_ms=LOG[-1].append_ms - 1_000
    )
    archive(lake, bronze_rows([late]))
    refine(lake, END + 1)
    assert late.position.offset in {r["pos"] for r in rows(lake, "likes")}


def test_a_record_that_bronze_holds_twice_is_one_row(lake: Settings) -> None:
    archive(lake, bronze_rows(LOG[:3]))
    done = refine(lake, END)
    assert done["likes"]["events"] == sum(r.position.topic == "likes" for r in LOG)


def test_what_is_no_event_is_set_apart_with_its_reason(lake: Settings) -> None:
    poison = bronze_rows(LOG[:1])[0] | {"offset": 1_000, "value": b'{"kind":"Liked","user_id":1}'}
    archive(lake, [poison])
    done = refine(lake, END)
    assert done["likes"]["rejected"] == 1
    (row,) = tables.REJECTED.open(lake).to_pyarrow_table().to_pylist()
    assert (row["topic"], row["pos"], row["value"]) == ("likes", 1_000, poison["value"])
    assert "at_ms" in row["reason"] or "tweet_id" in row["reason"]
    refine(lake, END)
    assert tables.REJECTED.open(lake).count() == 1


def test_a_run_for_an_earlier_epoch_takes_nothing_back(lake: Settings) -> None:
    refine(lake, END)
    before = rows(lake, "likes")
    refine(lake, END - 3)
    assert rows(lake, "likes") == before
    run = last_run(tables.silver("likes"), lake)
    assert run is not None
    assert run.through == END
