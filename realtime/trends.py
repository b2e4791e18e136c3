"""How many people use each tag, minute by minute and place by place?

    accounts -> understand --|
    tweets of the last day --|-> by author: where they are, which tags they use
                             |-> views/trends/counting.py, in SQL -> totals in Redis (tag_totals.py)

What is counted is exact and absolute, so a restart writes again what it wrote. A job that starts
anew reads as much of the log as the longest window holds. Who trends is decided by the board
(`serving` reads what `realtime/board.py` wrote), which knows what is usual.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import ValueStateDescriptor
from pyflink.table import Schema
from pyflink.table.changelog_mode import ChangelogMode

from ingest.events import AccountCreated, AccountUpdated, Event, TweetPosted
from ingest.events.tweets import ids_of
from realtime import job, threads
from realtime.log import Understand, records
from realtime.tag_totals import WriteTagTotals
from settings import Settings
from views.trends import counting
from views.trends.places import WORLDWIDE, places_of
from views.trends.uses import uses
from views.trends.windows import LONGEST

NAME = "trends"
MINUTE_MS = 60_000
EVERYWHERE = str(WORLDWIDE)
SAID = Types.ROW([Types.LONG(), Types.STRING(), Types.STRING(), Types.LONG()])
"""Who; in which places they speak from now on (WOEIDs, none of a protected account), or what they
say, and in which minute."""

MARK = Types.ROW_NAMED(
    ["kind", "place", "tag", "person_id", "at_minute", "word"],
    [
        *(Types.STRING(), Types.LONG(), Types.STRING()),
        *(Types.LONG(), Types.LONG(), Types.STRING()),
    ],
)


def options(settings: Settings) -> job.Options:
    """Mini-batches: a total leaves once a batch, however many people changed it."""
    return {
        "table.exec.mini-batch.enabled": "true",
        # The board looks every few seconds: what comes in one is told together.
        "table.exec.mini-batch.allow-latency": "1 s",
        "table.exec.mini-batch.size": 50_000,
        "table.exec.state.ttl": f"{LONGEST + 60} min",
        "table.exec.sink.upsert-materialize": "NONE",
        "table.exec.uid.format": "<id>_<transformation>",
    }


def build(environment, tables, settings: Settings) -> None:
    start_ms = int(time.time() * 1000) - LONGEST * MINUTE_MS
    said = [
        records(tables, settings, NAME, [topic], start_ms=since)
        .process(Understand(rows_of, report=False), output_type=SAID)
        .uid(f"understand-{topic}")
        .name(f"understand-{topic}")
        for topic, since in (("accounts", None), ("tweets", start_ms))
    ]
    marks = (
        said[0]
        .union(said[1])
        .key_by(lambda row: row[0], key_type=Types.LONG())
        .process(Marks(), output_type=MARK)
        .uid("marks")
        .name("marks")
    )
    tables.create_temporary_view("tag_marks", marks)
    key = Schema.new_builder().primary_key("place", "tag", "kind", "field").build()
    (
        tables.to_changelog_stream(tables.sql_query(_SQL), key, ChangelogMode.upsert())
        .key_by(lambda _row: 0, key_type=Types.INT())
        .process(WriteTagTotals(settings), output_type=Types.STRING())
        .uid("write-tag-totals")
        .name("write-tag-totals")
        .sink_to(job.nothing())
        .name("nothing")
    )


# A key must not be null, and Flink cannot know that none is.
_SQL = f"""
SELECT COALESCE(place, 0) AS place, COALESCE(tag, '') AS tag, COALESCE(kind, '') AS kind,
  COALESCE(field, '') AS field, total FROM ({counting.SQL})
"""


def rows_of(event: Event | None, _record: Row) -> Iterator[Row]:
    match event:
        case AccountCreated():
            yield Row(event.id, _places("", event.protected), None, 0)
        case AccountUpdated():
            yield Row(event.id, _places(event.location, event.protected), None, 0)
        case TweetPosted() if "#" in event.text or "＃" in event.text:
            yield Row(event.author_id, None, event.text, event.at_ms // MINUTE_MS)


def _places(location: str, protected: bool) -> str:
    """What the few may read must not trend for all."""
    return "" if protected else ",".join(map(str, places_of(location)))


class Marks(KeyedProcessFunction):
    """Keyed by author. State: the places they speak in, where those are not the world alone."""

    def open(self, context) -> None:
        threads.share_the_interpreter()
        self.places = context.get_state(ValueStateDescriptor("places", Types.STRING()))

    def process_element(self, row, _context) -> Iterator[Row]:
        person_id, places, text, minute = row
        if places == EVERYWHERE:
            self.places.clear()
        elif places is not None:
            self.places.update(places)
        elif text is not None:
            kept = self.places.value()
            speaks_in = ids_of(EVERYWHERE if kept is None else kept)
            for use in uses(text, person_id=person_id, minute=minute):
                for place in speaks_in:
                    yield from (Row(*mark) for mark in counting.marks(use, place))
