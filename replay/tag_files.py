"""Who wrote which text, and when? The texts of a file, in the order of its own time.

Any table with a time and a text will do. Where it does not say who wrote a tweet, each counts as
written by somebody else; retweets that the file marks as such are left out, since they are not
texts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from replay.files import BadFile, columns_of, count, table_of

COLUMNS = {
    "at": ("created_at", "publish_date", "timestamp"),
    "text": ("text", "content", "tweet"),
}
OPTIONAL_COLUMNS = {
    "person": ("user_id", "author_id", "user_screen_name", "screen_name", "username"),
    "retweet_of": ("retweeted_status_id", "retweet_of_id"),
}
AT_ONCE = 10_000  # rows held in memory at a time


class Text(NamedTuple):
    minute: int
    """Since 1970."""

    person_id: int
    text: str


@dataclass(frozen=True)
class Texts:
    db: duckdb.DuckDBPyConnection
    first_minute: int
    last_minute: int
    left_out: tuple[str, ...]
    """Sentences for people."""

    def __len__(self) -> int:
        return count(self.db, "texts")

    def rows(self) -> Iterator[Text]:
        found = self.db.execute("SELECT minute, person_id, text FROM texts ORDER BY minute, row")
        while some := found.fetchmany(AT_ONCE):
            yield from map(Text._make, some)


def load(path: Path) -> Texts:
    """Raises `BadFile` where a column is missing, a time is none, or no text is there."""
    db = duckdb.connect()
    found = columns_of(db, path, COLUMNS)
    optional = columns_of(db, path, OPTIONAL_COLUMNS, required=False)
    person = f'dense_rank() OVER (ORDER BY "{optional["person"]}")' if "person" in optional else "0"
    retweet = f'"{optional["retweet_of"]}" IS NOT NULL' if "retweet_of" in optional else "FALSE"
    try:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(
            f"""CREATE TABLE texts AS
                SELECT row_number() OVER () AS row, {person} AS person_id,
                       epoch_ms(CAST("{found["at"]}" AS TIMESTAMPTZ)) // 60000 AS minute,
                       CAST("{found["text"]}" AS VARCHAR) AS text, {retweet} AS retweet
                FROM {table_of(path)}"""
        )
    except duckdb.Error as error:
        raise BadFile(f"{path.name}: {str(error).splitlines()[0]}") from error
    left_out = []
    if "person" not in optional:
        db.execute("UPDATE texts SET person_id = row")
        left_out.append(f"{path.name} does not say who wrote: each text counts as somebody else's")
    for condition, what in (
        ("retweet", "retweets"),
        ("minute IS NULL OR coalesce(text, '') = ''", "rows without a time or text"),
    ):
        (number,) = db.execute(f"DELETE FROM texts WHERE {condition}").fetchone() or (0,)
        if number:
            left_out.append(f"{number:,} {what}")
    bounds = db.execute("SELECT min(minute), max(minute) FROM texts").fetchone()
    if bounds is None or None in bounds:
        raise BadFile(f"{path.name} has no text with a time")
    first, last = bounds
    return Texts(db, first, last, tuple(left_out))
