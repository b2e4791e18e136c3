"""What would be written if everything were rebuilt, and how long would it take?

Nothing is computed: rows are counted where the lake holds them. They are at most those that a
rebuild writes, since of what was said of one thing the last word counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow.compute as pc
from deltalake.exceptions import TableNotFoundError

from batch.rebuild_ledger import estimate
from ingest.codec import Undecodable, decode
from ingest.events import HomeRead
from lake import tables
from settings import Settings
from views import search_index
from views.contract import FoldView, JoinView, View
from views.following import FOLLOWING
from views.registry import ASIDES, VIEWS
from views.rows import PLACES


class Part(NamedTuple):
    """What comes back: `rows` of it at most, and in how many `seconds` where that was measured."""

    step: str
    what: str
    stores: str
    rows: int
    seconds: float | None


def plan(settings: Settings, lost_records: int) -> list[Part]:
    """All that a rebuild brings back, in its order. `lost_records` are those that the log lacks."""
    kinds = said(settings)

    def part(step: str, what: str, stores: str, rows: int) -> Part:
        return Part(step, what, stores, rows, estimate(settings, step, rows))

    def of(views: Iterator[View]) -> Iterator[Part]:
        for view in views:
            events = sum(kinds.get(event.__name__, 0) for event in view.events)
            yield part("views", view.name, stores_of(view), events)

    asides = {event.__name__ for view in ASIDES for event in view.events}
    follows = {event.__name__ for event in FOLLOWING.events}
    baselines = tables.TAG_BASELINES.create(settings).to_pyarrow_dataset()
    ranked = tables.WHO_TO_FOLLOW.create(settings).to_pyarrow_dataset()
    return [
        part("log", "records that Kafka lost", "kafka", lost_records),
        *of(iter(VIEWS)),
        part("baselines", "tag_baselines", "redis", baselines.count_rows()),
        part("suggestions", "who_to_follow", "cassandra", ranked.count_rows()),
        part("jobs", "the speed jobs' state", "flink, redis", sum(kinds.values())),
        part("graph", "the follow graph", "neo4j", sum(kinds.get(k, 0) for k in follows)),
        part("index", search_index.JOB, "opensearch", sum(kinds.get(k, 0) for k in asides)),
        part("homes", "homes of who reads", "redis", len(readers(settings))),
    ]


def said(settings: Settings) -> dict[str, int]:
    """How many events of each kind the lake holds."""
    found: dict[str, int] = {}
    for table in tables.silver_tables():
        try:
            rows = table.open(settings).to_pyarrow_dataset().to_table(columns=["kind"])
        except TableNotFoundError:
            continue
        for row in rows.group_by("kind").aggregate([([], "count_all")]).to_pylist():
            found[row["kind"]] = row["count_all"]
    return found


def stores_of(view: View) -> str:
    """Where its rows are written."""
    hot = isinstance(view, FoldView | JoinView) or view.name in (*PLACES, "user_timeline")
    return "cassandra, redis" if hot else "cassandra"


def readers(settings: Settings) -> list[int]:
    """Who read a home in the last `timeline_days`, as long as Redis keeps it; from the archive."""
    since_ms = time.time_ns() // 1_000_000 - settings.timeline_seconds * 1000
    bronze = tables.BRONZE.create(settings).to_pyarrow_dataset()
    lately = (pc.field("topic") == HomeRead.topic) & (pc.field("append_ms") >= since_ms)
    values = bronze.to_table(columns=["value"], filter=lately).column("value").to_pylist()
    return sorted({reader for value in values for reader in _reader(value)})


def _reader(value: Any) -> Iterator[int]:
    try:
        event = decode(value, topic=HomeRead.topic)
    except Undecodable:
        return
    if isinstance(event, HomeRead):
        yield event.user_id
