"""What would have trended while the tweets of a file were written?

Walks through the file by its own time with the views' own code: at each midnight (UTC) what is
usual is reckoned anew from the four weeks before, as batch does, and every few minutes what trends
is written down. Needs no server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from replay.files import table_of
from replay.tag_files import Texts
from views.trends import uses
from views.trends.baseline import LOOKBACK, SQL, Baseline, rows
from views.trends.board import Board, Trend
from views.trends.scores import scores
from views.trends.windows import HOUR, TagWindows

DAY = 1_440  # minutes
EVERYWHERE = "worldwide"

SCHEMA = pa.schema(
    {
        "window_end": pa.timestamp("s", tz="UTC"),
        "place": pa.string(),
        "window": pa.string(),
        "rank": pa.int32(),
        "tag": pa.string(),
        "score": pa.float64(),
        "people": pa.int64(),
        "tweets": pa.int64(),
        "expected_people": pa.float64(),
        "since": pa.timestamp("s", tz="UTC"),
        "related": pa.list_(pa.string()),
    }
)
"""One row a trend and moment; `since` is when it was first shown."""


class Found(NamedTuple):
    rows: int
    tags: int
    moments: int


class Burst(NamedTuple):
    """A tag in one window, from when it was first shown until it was not any more."""

    tag: str
    window: str
    since: datetime
    until: datetime
    score: float
    people: int
    expected_people: float


class Moment(NamedTuple):
    minute: int
    trends: dict[str, list[Trend]]


def write(
    texts: Texts, path: Path, *, every: int, least_people: int, advance: Callable[[int], None]
) -> Found:
    """Writes the trends of each `every` minutes to a Parquet file.

    `advance` is told of each minute that passed. Nothing is left at `path` where it fails.
    """
    written, tags, moments = 0, set[str](), 0
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with pq.ParquetWriter(unfinished, SCHEMA, compression="zstd") as writer:
            for moment in walk(texts, every=every, least_people=least_people):
                table = _table(moment)
                writer.write_table(table)
                written, moments = written + table.num_rows, moments + 1
                tags |= {t.score.tag for trends in moment.trends.values() for t in trends}
                advance(every)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Found(written, len(tags), moments)


def greatest(path: Path, number: int) -> list[Burst]:
    """The bursts in a file that `write` made, highest score first: of each tag its greatest."""
    found = duckdb.execute(
        f"""SELECT tag, window_name, since, until, score, people, expected_people FROM (
                SELECT tag, "window" AS window_name, since, max(window_end) AS until,
                       max(score) AS score, max(people) AS people,
                       max(expected_people) AS expected_people
                FROM {table_of(path)} GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY lower(tag) ORDER BY score DESC) = 1
            ORDER BY score DESC, tag LIMIT {number}"""
    )
    return [Burst(*row) for row in found.fetchall()]


def walk(texts: Texts, *, every: int, least_people: int) -> Iterator[Moment]:
    """What trends at each moment, from the first tweet to the last. `every` divides an hour."""
    history, board, tags = History(), Board(), dict[str, TagWindows]()
    coming = groupby(texts.rows(), key=lambda text: text.minute // every)
    slot, posted = next(coming)
    usual = history.baseline(texts.first_minute)
    for now in range((slot + 1) * every, texts.last_minute + every + 1, every):
        if slot == now // every - 1:
            for text in posted:
                for use in uses.uses(text.text, person_id=text.person_id, minute=text.minute):
                    tag = tags.setdefault(use.tag, TagWindows())
                    tag.use(use.person_id, use.minute, use.spelling, use.beside)
                    history.add(use)
            slot, posted = next(coming, (-1, iter(())))
        if now % DAY == 0:
            usual = history.baseline(now)
        if now % HOUR == 0:
            tags = _remembered(tags, now)
        found = [
            score
            for name, tag in tags.items()
            if len(tag) >= least_people
            for score in scores(name, tag, usual, now, least_people)
        ]
        yield Moment(now, board.show(found, tags, now))


class History:
    """The uses of the last four weeks, as the lake has them."""

    def __init__(self) -> None:
        self._database = duckdb.connect()
        self._database.execute(
            "CREATE TABLE tag_uses (tag VARCHAR, person_id BIGINT, minute BIGINT)"
        )
        self._new: list[tuple[str, int, int]] = []
        self._first: int | None = None

    def add(self, use: uses.TagUse) -> None:
        self._first = use.minute if self._first is None else self._first
        self._new.append((use.tag, use.person_id, use.minute))

    def baseline(self, until: int) -> Baseline:
        """What is usual, by the uses before minute `until`."""
        self._flush()
        since = max(until - LOOKBACK, until if self._first is None else self._first)
        self._database.execute(
            f"CREATE OR REPLACE TABLE parameters AS SELECT {since} AS since, {until} AS until"
        )
        found = self._database.sql(SQL).to_arrow_table().to_pylist()
        self._database.execute(f"DELETE FROM tag_uses WHERE minute < {since}")
        return Baseline.of(rows(found), since, until)

    def _flush(self) -> None:
        if self._new:
            names = ("tag", "person_id", "minute")
            columns = [list(column) for column in zip(*self._new, strict=True)]
            self._database.register("new_uses", pa.table(dict(zip(names, columns, strict=True))))
            self._database.execute("INSERT INTO tag_uses SELECT * FROM new_uses")
            self._new.clear()


def _remembered(tags: dict[str, TagWindows], now: int) -> dict[str, TagWindows]:
    """Without what is too old for every window."""
    for tag in tags.values():
        tag.forget(now)
    return {name: tag for name, tag in tags.items() if len(tag)}


def _table(moment: Moment) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "window_end": _at(moment.minute),
                "place": EVERYWHERE,
                "window": window,
                "rank": rank,
                "tag": f"#{trend.spelling}",
                "score": trend.score.score,
                "people": trend.score.people,
                "tweets": trend.score.uses,
                "expected_people": trend.score.expected,
                "since": _at(trend.since),
                "related": [f"#{spelling}" for spelling in trend.related],
            }
            for window, trends in moment.trends.items()
            for rank, trend in enumerate(trends, 1)
        ],
        SCHEMA,
    )


def _at(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
