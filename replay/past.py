"""What did each view say at a time, by the log up to then?

Silver has every event with the time at which the broker took it, so the past is a filter: the
views' own code over what was appended before. It reads what is about those who are asked for.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable
from contextlib import closing
from functools import reduce
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingest.events import TweetPosted
from ingest.events.columns import event_of
from lake import relations, tables
from settings import Settings
from views.contract import FoldView, Put, StateView

Row = dict[str, Any]


class Past:
    """The lake as of `when_ms`, exclusive; of each topic what silver has of it."""

    def __init__(self, settings: Settings, when_ms: int) -> None:
        self._before = pc.field("append_ms") < when_ms
        self._when_ms = when_ms
        self._silver = {
            table.name.partition("/")[2]: table.open(settings).to_pyarrow_dataset()
            for table in tables.silver_tables()
        }

    def state(self, view: StateView, actors: Collection[int]) -> dict[Any, Row]:
        """By key the rows that stood, of events that these people caused."""
        last: dict[Any, tuple[int, Row | None]] = {}
        for topic in view.topics:
            for event_row in self._rows(view, topic, actors):
                for change in view.project(event_of(event_row)):
                    pos, _ = last.get(change.key, (-1, None))
                    if event_row["pos"] > pos:
                        row = change.row if isinstance(change, Put) else None
                        last[change.key] = event_row["pos"], row
        return {key: row for key, (_, row) in last.items() if row is not None}

    def authors(self, tweets: Collection[int]) -> set[int]:
        """Who wrote these, whether they stood or not."""
        found = self._silver[TweetPosted.topic].to_table(
            columns=["author_id"], filter=self._before & _among("id", tweets)
        )
        return set(found.column("author_id").to_pylist())

    def totals(self, view: FoldView, keys: Collection[int]) -> dict[int, dict[str, int]]:
        """Of each key its measures, by the view's own SQL."""
        found = {key: dict.fromkeys(view.measures, view.merge.zero) for key in keys}
        with closing(duckdb.connect()) as database:
            for topic in view.topics:
                database.register(f"{topic}_ever", self._silver[topic])
                database.execute(
                    f"CREATE TABLE {topic}_log AS SELECT * FROM {topic}_ever "
                    f"WHERE append_ms < {self._when_ms}"
                )
            relations.declare(database, view)
            database.register("wanted", pa.table({"wanted": pa.array(keys, pa.int64())}))
            rows = database.execute(
                f"SELECT key, measure, {view.merge.name}(total) FROM ({view.sql}) "
                "WHERE key IN (SELECT wanted FROM wanted) GROUP BY key, measure"
            )
            for key, measure, total in rows.fetchall():
                found[key][measure] = int(total)
        return found

    def _rows(self, view: StateView, topic: str, actors: Collection[int]) -> Iterable[Row]:
        events = [event for event in view.events if event.topic == topic]
        fields = sorted({event.actor_field for event in events})
        theirs = reduce(operator.or_, (_among(field, actors) for field in fields))
        kinds = pc.field("kind").isin([event.__name__ for event in events])
        for batch in self._silver[topic].to_batches(filter=self._before & kinds & theirs):
            yield from batch.to_pylist()


def _among(column: str, ids: Collection[int]) -> Any:
    return pc.field(column).isin(pa.array(ids, pa.int64()))
