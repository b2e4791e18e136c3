"""Writes tiny files of tweets and follows, as the replay reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

TWEETS = ("id", "user_id", "user_screen_name", "created_at", "text", "retweeted_status_id")
FOLLOWS = ("src_id", "dst_id")
Row = Sequence[object]


def tweet(
    id: int, author_id: int, *, minute: int | None = None, retweet_of: int | None = None
) -> Row:
    """A row of the tweets file. By default later ids are later."""
    at = datetime(2015, 1, 1) + timedelta(minutes=id if minute is None else minute)
    return (id, author_id, f"user{author_id}", str(at), f"tweet {id}", retweet_of)


def write(path: Path, columns: Sequence[str], rows: Sequence[Row], **types: str) -> Path:
    """A Parquet file. `types` names a column's SQL type where it is not the value's own."""
    db = duckdb.connect()
    kinds = {"created_at": "TIMESTAMP", "text": "VARCHAR", "user_screen_name": "VARCHAR"} | types
    table = ", ".join(f'"{name}" {kinds.get(name, "BIGINT")}' for name in columns)
    db.execute(f"CREATE TABLE rows ({table})")
    if rows:
        db.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", rows)
    db.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return path


def tweets_file(folder: Path, *rows: Row) -> Path:
    return write(folder / "tweets.parquet", TWEETS, rows)


def follows_file(folder: Path, *edges: tuple[int, int]) -> Path:
    return write(folder / "follows.parquet", FOLLOWS, edges, dst_id="DOUBLE")
