"""Which rows does a SnapshotView have now, and how do they differ from what the log says?

Runs the view's SQL by DuckDB over silver as it stands, open epochs included. Nothing is written
here. What is small enough for one machine needs no Spark, whose start takes longer
(docs/decisions/0013-silver-without-spark.md); Spark runs the same SQL where it is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from lake import tables
from settings import Settings
from views.contract import SnapshotView

BATCH = 50_000  # rows handed on at once
DAY_SECONDS = 86_400


class Made(NamedTuple):
    """What rows were made of, and what they come to."""

    end_offsets: dict[str, int]
    lake_versions: dict[str, int]
    parameters: dict[str, float]
    code_hash: str
    rows: int
    checksum: str


def parameters(settings: Settings, through: int) -> dict[str, float]:
    """The numbers by which views decide, all in one row. `through` is the epoch that is open."""
    epochs_a_day = DAY_SECONDS // settings.epoch_seconds
    return {
        "until": through + 1,
        "epochs_a_day": epochs_a_day,
        "window_epochs": settings.plan_days * epochs_a_day,
        "pull_followers": settings.celebrity_followers,
        "push_followers": min(settings.celebrity_keep_followers, settings.celebrity_followers),
        "pull_cost": settings.pull_cost_us,
        "push_cost": settings.push_cost_us,
        "hysteresis": settings.plan_hysteresis,
        "pulled_max": settings.pulled_edges_max,
    }


class Snapshot:
    """A view over silver as it stands: `said` and `parameters` are there, and `rows` once made."""

    def __init__(self, settings: Settings, view: SnapshotView, through: int) -> None:
        self.view, self._database = view, duckdb.connect()
        self._versions: dict[str, int] = {}
        self._parameters = parameters(settings, through)
        for topic in view.topics:
            silver = tables.silver(topic)
            delta = silver.open(settings)
            self._versions[silver.name] = delta.version()
            self._database.register(f"{topic}_log", delta.to_pyarrow_dataset())
        for name, selected in view.inputs(self._parameters):
            self._database.execute(f"CREATE VIEW {name} AS {selected}")

    def make(self) -> Made:
        """Computes the rows into the table `rows`."""
        self._database.execute(f"CREATE TABLE rows AS {self.view.sql}")
        return Made(
            self._end_offsets(),
            self._versions,
            self._parameters,
            hashlib.sha256(self.view.sql.encode()).hexdigest()[:16],
            *checksum(self._database, self.view, "rows"),
        )

    def batches(self, generation: int) -> Iterator[pa.RecordBatch]:
        """The rows as they lie in gold."""
        names = ", ".join((*self.view.key, *self.view.columns))
        chosen = f"SELECT {names}, {generation}::BIGINT AS generation FROM rows"
        columns = tables.snapshot(self.view).columns
        for batch in self._database.sql(chosen).to_arrow_reader(BATCH):
            yield batch.cast(columns)

    def use(self, settings: Settings, generation: int) -> tuple[int, str]:
        """Takes the rows of a generation that was written; returns their number and checksum."""
        gold = tables.snapshot(self.view).open(settings).to_pyarrow_dataset()
        self._database.register("gold", gold)
        self._database.execute(
            f"CREATE OR REPLACE TABLE rows AS SELECT * FROM gold WHERE generation = {generation}"
        )
        return checksum(self._database, self.view, "rows")

    def differences(self) -> Iterator[dict[str, Any]]:
        """The rows that are pulled where the log does not say so (`pulled`), and the other way."""
        key = ", ".join(self.view.key)
        rest = ", ".join(name for name in self.view.columns if name != "pulled")
        changed = self._database.sql(
            f"SELECT {key}, {rest}, said.present IS NULL AS pulled "
            f"FROM rows FULL JOIN (SELECT *, TRUE AS present FROM said) AS said USING ({key}) "
            f"WHERE COALESCE(rows.pulled, FALSE) <> (said.present IS NOT NULL) ORDER BY {key}"
        )
        for batch in changed.to_arrow_reader(BATCH):
            yield from batch.to_pylist()

    def close(self) -> None:
        self._database.close()

    def _end_offsets(self) -> dict[str, int]:
        """By `topic/partition` the offset behind the last record that was looked at."""
        return {
            f"{topic}/{partition}": end
            for topic in self.view.topics
            for partition, end in self._database.execute(
                f"SELECT partition, MAX(pos) + 1 FROM {topic}_log GROUP BY partition ORDER BY 1"
            ).fetchall()
        }


def checksum(
    database: duckdb.DuckDBPyConnection, view: SnapshotView, table: str
) -> tuple[int, str]:
    """The number of rows, and the sum of a hash of each, so that their order does not matter."""
    columns = ", ".join((*view.key, *view.columns))
    ((rows, total),) = database.execute(
        f"SELECT COUNT(*), COALESCE(SUM(('0x' || LEFT(MD5(CONCAT_WS(',', {columns})), 12))::BIGINT)"
        f", 0) FROM {table}"
    ).fetchall()
    return rows, f"{int(total) % 2**64:016x}"


@contextmanager
def snapshot(settings: Settings, view: SnapshotView, through: int) -> Iterator[Snapshot]:
    """A `Snapshot` that is closed at the end."""
    made = Snapshot(settings, view, through)
    try:
        yield made
    finally:
        made.close()


def told(made: Made) -> dict[str, Any]:
    """`made` as the ledger keeps it."""
    return {n: json.dumps(v) if isinstance(v, dict) else v for n, v in made._asdict().items()}
