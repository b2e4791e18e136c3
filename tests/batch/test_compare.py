"""What the speed layer said is held against the lake, and what is served against gold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from batch.compare import compare
from batch.publish import speed_from_key
from batch.served import ServedWrong
from lake import ledgers, tables
from settings import Settings
from tests.batch.publishing import Desk, desk
from views.seam import batch_field, counts_key

pytestmark = pytest.mark.engines

ONE, TWO = 10, 11


class Compared(Desk):
    def added(self, *rows: tuple[int, int, int]) -> None:
        """What epochs added in the lake: `(key, epoch, likes)`."""
        table = tables.gold_by_epoch(self.view)
        found = [
            {"key": k, "measure": "like_count", "epoch": epoch, "total": likes}
            for k, epoch, likes in rows
        ]
        write_deltalake(
            table.open(self.settings), pa.Table.from_pylist(found, table.columns), mode="append"
        )

    def compare(self, through: int) -> dict[str, Any]:
        return compare(self.settings, self.view, through, keys=1_000, wait_s=0)

    def ledger(self) -> list[dict[str, Any]]:
        rows = ledgers.DRIFT.open(self.settings).to_pyarrow_table().to_pylist()
        return sorted(rows, key=lambda row: row["epoch"])


@pytest.fixture
def batch(redis_server: Settings, cassandra_server: Settings, tmp_path: Path) -> Iterator[Compared]:
    with desk(redis_server, tmp_path) as made:
        yield Compared(**vars(made))


def test_layers_that_agree_have_no_drift(batch: Compared) -> None:
    batch.added((ONE, 3, 2), (ONE, 4, 1), (TWO, 4, 1))
    for key, epoch, likes in ((ONE, 3, 2), (ONE, 4, 1), (TWO, 4, 1)):
        batch.speed(key, epoch, likes)
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    done = batch.compare(5)
    assert (done["compared"], done["differing"], done["served_keys_checked"]) == (3, 0, 2)
    assert [(r["epoch"], r["lake_total"], r["speed_total"]) for r in batch.ledger()] == [
        (3, 2, 2),
        (4, 2, 2),
    ]


def test_what_differs_stands_in_the_ledger_once(batch: Compared) -> None:
    batch.added((ONE, 4, 3), (TWO, 4, 1))
    batch.speed(ONE, 4, 1)
    batch.speed(12, 4, 5)  # of which the lake knows nothing
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    batch.compare(5)
    done = batch.compare(5)
    assert (done["compared"], done["differing"], done["absolute_difference"]) == (3, 3, 2 + 1 + 5)
    (row,) = batch.ledger()
    assert (row["keys"], row["differing"], row["example_key"]) == (3, 3, 12)


def test_an_epoch_is_compared_by_the_next_run_alone(batch: Compared) -> None:
    batch.added((ONE, 4, 3))
    batch.speed(ONE, 4, 3)
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.compare(5)
    batch.added((ONE, 5, 1))
    batch.speed(ONE, 5, 1)
    batch.fold(6, {ONE: (4, 6)})
    batch.publish(6)
    assert batch.compare(6)["epochs"] == 1
    assert [(r["through"], r["epoch"], r["differing"]) for r in batch.ledger()] == [
        (5, 4, 0),
        (6, 5, 0),
    ]


def test_a_comparison_of_no_epochs_leaves_the_one_before_in_the_ledger(batch: Compared) -> None:
    batch.added((ONE, 4, 3))
    batch.speed(ONE, 4, 3)
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.compare(5)
    before = batch.ledger()
    batch.publish(5)  # by a rebuild, after which the speed totals before it may go
    batch.cache.set(speed_from_key(batch.view.name), 5)
    assert batch.compare(5)["epochs"] == 0
    assert batch.ledger() == before != []


def test_speed_totals_that_went_with_redis_are_no_drift(batch: Compared) -> None:
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.compare(5)
    batch.added((ONE, 5, 1))
    batch.cache.delete(f"through:{batch.view.name}", counts_key(batch.view.name, ONE))
    batch.fold(6, {ONE: (4, 6)})
    batch.publish(6)
    assert batch.compare(6)["epochs"] == 0


def test_a_store_that_serves_other_totals_fails_the_comparison(batch: Compared) -> None:
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.cache.hset(counts_key(batch.view.name, ONE), batch_field(5, "like_count"), 4)
    with pytest.raises(ServedWrong, match="rebuild"):
        batch.compare(5)
