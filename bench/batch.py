"""What does the batch layer cost an event, next to a plain scan and to DuckDB?

Over a made-up history of eight days (`bench/made_lake.py`), in a lake of its own: bronze to silver,
then all counts by Spark (`bench/batch_spark.py`), in full and an hour at a time, after one, two,
four and eight days of history. In the same session Spark only reads the same columns; afterwards
DuckDB computes the same totals from the same tables. Starting Spark does not count.

    ./starling bench batch --json > figures.jsonl
    python -m bench.batch_curve figures.jsonl docs/images/cost-of-a-fold.svg
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import Progress

from batch import silver
from bench import made_lake
from bench.figures import Figure
from engines import control, environments, maven
from engines.server import python_env
from lake import tables
from settings import Settings
from views.registry import fold_views

VIEWS = tuple(v for v in fold_views() if v.name in ("tweet_counts", "user_counts"))
TOPICS = tuple(dict.fromkeys(topic for each in VIEWS for topic in each.topics))
DAYS, EVENTS_A_DAY = 8, 1_000_000
HISTORIES = (1, 2, 4, 8)  # days, after which the fold is timed
HOUR = 1 / 24


def figures() -> Iterator[Figure]:
    """The figures. Takes about ten minutes."""
    environments.ensure("batch")
    maven.fetch("spark")
    folder = Path(tempfile.mkdtemp(prefix="starling-bench-"))
    try:
        yield from _measured(Settings(state_dir=folder))
    finally:
        shutil.rmtree(folder)


def _measured(settings: Settings) -> Iterator[Figure]:
    tables.create(settings)
    events = (DAYS + 1) * EVENTS_A_DAY
    with Progress(console=Console(stderr=True)) as progress:
        writing = progress.add_task("events into bronze", total=events)
        for written in made_lake.write(settings, DAYS + 1, EVENTS_A_DAY):
            progress.update(writing, completed=written)
    end = made_lake.epoch_at(settings, DAYS + 1)
    began = time.perf_counter()
    found = sum(silver.refine(settings, topic, end)["events"] for topic in TOPICS)
    refined = found / (time.perf_counter() - began)
    assert found == events, "silver has all of bronze"
    began = time.perf_counter()
    tables.BRONZE.open(settings).to_pyarrow_table(columns=["value"])
    read = events / (time.perf_counter() - began)
    yield Figure("batch", "silver_events_per_s", refined, "reading bronze's values", read)

    spark = _spark(settings)
    duck = DAYS * EVENTS_A_DAY / _duckdb(settings, made_lake.epoch_at(settings, DAYS))
    scan = DAYS * EVENTS_A_DAY / spark["scan"]
    whole = DAYS * EVENTS_A_DAY / spark["full"][str(DAYS)]
    hour = EVENTS_A_DAY * HOUR / spark["hour"][str(DAYS)]
    yield Figure("batch", "full_fold_events_per_s", whole, "a plain Spark scan", scan)
    yield Figure("batch", "full_fold_events_per_s", whole, "the same totals by DuckDB", duck)
    yield Figure("batch", "hour_fold_new_events_per_s", hour, "a full fold", whole)
    for days in HISTORIES:
        full, part = spark["full"][str(days)], spark["hour"][str(days)]
        name = f"after_{days}_days"
        yield Figure("batch", f"full_fold_s_{name}", full)
        yield Figure("batch", f"hour_fold_s_{name}", part, "a full fold", full)
    for schema in ("bronze", "silver", "gold"):
        yield Figure("batch", f"{schema}_bytes_an_event", _bytes(settings, schema) / events)


def _spark(settings: Settings) -> dict[str, Any]:
    """What `bench/batch_spark.py` measured, in seconds."""
    through = {days: made_lake.epoch_at(settings, days) for days in HISTORIES}
    asked = {days: (at, at + 3_600 // settings.epoch_seconds) for days, at in through.items()}
    names = [each.name for each in VIEWS]
    done = subprocess.run(
        [environments.python("batch"), "-m", "bench.batch_spark", json.dumps(asked), *names],
        cwd=environments.REPOSITORY,
        env=os.environ | python_env("batch") | control.as_environment(settings),
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _duckdb(settings: Settings, through: int) -> float:
    """Seconds of the same totals."""
    began = time.perf_counter()
    with duckdb.connect() as database:
        database.execute("SET threads = 2")
        for topic in TOPICS:
            rows = tables.silver(topic).open(settings).to_pyarrow_dataset()
            database.register(f"{topic}_rows", rows)
            log = f"SELECT * FROM {topic}_rows WHERE epoch < {through}"
            database.execute(f"CREATE VIEW {topic}_log AS {log}")
        for each in VIEWS:
            for relation in each.relations:
                database.execute(f"CREATE OR REPLACE VIEW {relation.name} AS {relation.sql}")
            rows = f"SELECT key, measure, SUM(total) AS total FROM ({each.sql}) GROUP BY ALL"
            database.execute(f"CREATE TABLE {each.name} AS {rows}")
    return time.perf_counter() - began


def _bytes(settings: Settings, schema: str) -> int:
    """Of the files that the newest versions of the schema's tables are made of."""
    found = 0
    for table in tables.tables():
        if table.name.startswith(f"{schema}/"):
            files = table.open(settings).get_add_actions(flatten=True)
            found += sum(files.column("size_bytes").to_pylist())
    return found
