"""Which accounts, edges and tweets do the files hold?

Each row of the tweets file is one entry of timelines. A follow's source reads what its target
writes. Columns may have one of several names; what is missing is said by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

EXACT_IN_A_DOUBLE = 2**53  # ids above lose digits where a file holds them as floating point numbers

TWEET_COLUMNS = {
    "id": ("id", "tweet_id"),
    "author_id": ("user_id", "author_id"),
    "created_at": ("created_at", "publish_date"),
    "text": ("text", "content"),
}
OPTIONAL_TWEET_COLUMNS = {
    "username": ("user_screen_name", "screen_name", "username"),
    "retweet_of_id": ("retweeted_status_id", "retweet_of_id"),
}
FOLLOW_COLUMNS = {
    "follower_id": ("src_id", "src", "follower_id"),
    "followee_id": ("dst_id", "dst", "followee_id"),
}


class BadFile(ValueError):
    """The file cannot be played; the message says which file and what is wrong with it."""


@dataclass(frozen=True)
class Loaded:
    """Tables `entries`, `edges` and `accounts` in `db`, and what was left out on the way."""

    db: duckdb.DuckDBPyConnection
    entries: int
    edges: int
    accounts: int
    left_out: tuple[str, ...]
    """Sentences for people."""

    @property
    def readers(self) -> list[int]:
        """Who follows somebody."""
        found = self.db.execute("SELECT DISTINCT follower_id FROM edges ORDER BY 1").fetchall()
        return [id for (id,) in found]


def load(tweets: Path, follows: Path, *, limit: int | None = None) -> Loaded:
    """Reads the files. `limit` keeps the first tweets by time and the follows of their authors.

    Tables:
        entries   id, author_id, at_ms, text, retweet_of_id (null where it is no retweet)
        edges     follower_id, followee_id; each once, nobody follows themselves
        accounts  id, username (null where the files do not say); authors and followers
    Raises `BadFile`.
    """
    db = duckdb.connect()
    left_out = [*_load_entries(db, tweets, limit), *_load_edges(db, follows)]
    if limit is not None:
        left_out.append(
            f"all but the first {limit:,} tweets by time, and all follows but their authors'"
        )
        db.execute("DELETE FROM edges WHERE followee_id NOT IN (SELECT author_id FROM entries)")
    db.execute(
        """CREATE TABLE accounts AS
           SELECT id, any_value(username) AS username FROM (
               SELECT author_id AS id, username FROM entries
               UNION ALL SELECT follower_id, NULL FROM edges)
           GROUP BY id"""
    )
    return Loaded(
        db=db,
        entries=count(db, "entries"),
        edges=count(db, "edges"),
        accounts=count(db, "accounts"),
        left_out=tuple(left_out),
    )


def _load_entries(db: duckdb.DuckDBPyConnection, path: Path, limit: int | None) -> list[str]:
    found = columns_of(db, path, TWEET_COLUMNS)
    optional = columns_of(db, path, OPTIONAL_TWEET_COLUMNS, required=False)
    username = f'"{optional["username"]}"' if "username" in optional else "NULL"
    retweet_of = f'"{optional["retweet_of_id"]}"' if "retweet_of_id" in optional else "NULL"
    for column in (found["id"], found["author_id"], optional.get("retweet_of_id")):
        if column:
            _check_id(db, path, column)
    rows = _value(db, f"SELECT count(*) FROM {table_of(path)}")
    db.execute(
        f"""CREATE TABLE entries AS
            SELECT CAST("{found["id"]}" AS BIGINT) AS id,
                   CAST("{found["author_id"]}" AS BIGINT) AS author_id,
                   epoch_ms(CAST("{found["created_at"]}" AS TIMESTAMP)) AS at_ms,
                   CAST("{found["text"]}" AS VARCHAR) AS text,
                   CAST({retweet_of} AS BIGINT) AS retweet_of_id,
                   CAST({username} AS VARCHAR) AS username
            FROM {table_of(path)}
            WHERE "{found["id"]}" IS NOT NULL AND "{found["author_id"]}" IS NOT NULL
              AND "{found["created_at"]}" IS NOT NULL
              AND ({retweet_of} IS NOT NULL OR coalesce("{found["text"]}", '') <> '')
            ORDER BY at_ms, id"""
    )
    usable = count(db, "entries")
    if repeated := usable - _value(db, "SELECT count(DISTINCT id) FROM entries"):
        raise BadFile(f"{path.name}: {repeated} rows repeat the id of another row")
    if limit is not None:
        db.execute(
            """DELETE FROM entries WHERE id NOT IN (
                   SELECT id FROM entries ORDER BY at_ms, id LIMIT $limit)""",
            {"limit": limit},
        )
    if usable == rows:
        return []
    return [f"{rows - usable:,} rows of {path.name} without an id, author, time or text"]


def _load_edges(db: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    found = columns_of(db, path, FOLLOW_COLUMNS)
    for column in found.values():
        _check_id(db, path, column)
    rows = _value(db, f"SELECT count(*) FROM {table_of(path)}")
    db.execute(
        f"""CREATE TABLE edges AS
            SELECT DISTINCT CAST("{found["follower_id"]}" AS BIGINT) AS follower_id,
                            CAST("{found["followee_id"]}" AS BIGINT) AS followee_id
            FROM {table_of(path)}
            WHERE "{found["follower_id"]}" IS NOT NULL AND "{found["followee_id"]}" IS NOT NULL
              AND "{found["follower_id"]}" <> "{found["followee_id"]}"
            ORDER BY ALL"""
    )
    if rows == (usable := count(db, "edges")):
        return []
    return [f"{rows - usable:,} rows of {path.name} that repeat an edge, lack an end or lead back"]


def table_of(path: Path) -> str:
    """The file as DuckDB reads it in a query; it knows Parquet, CSV and JSON by the name."""
    return "'" + str(path).replace("'", "''") + "'"


def columns_of(
    db: duckdb.DuckDBPyConnection,
    path: Path,
    wanted: Mapping[str, tuple[str, ...]],
    required: bool = True,
) -> dict[str, str]:
    """The file's own name of each wanted column. Raises `BadFile` where a required one lacks."""
    try:
        described = db.execute(f"DESCRIBE SELECT * FROM {table_of(path)}").fetchall()
    except duckdb.Error as error:
        raise BadFile(f"{path.name}: {str(error).splitlines()[0]}") from error
    there = {row[0].lower(): row[0] for row in described}
    found = {
        meaning: there[name]
        for meaning, names in wanted.items()
        for name in reversed(names)
        if name in there
    }
    if required and (missing := wanted.keys() - found.keys()):
        lacking = "; ".join(" or ".join(wanted[meaning]) for meaning in sorted(missing))
        raise BadFile(f"{path.name} has no column {lacking}. It has {', '.join(there.values())}.")
    return found


def _check_id(db: duckdb.DuckDBPyConnection, path: Path, column: str) -> None:
    """Ids must be whole, and exact where the file holds them as floating point numbers."""
    kind: str = _value(db, f'SELECT any_value(typeof("{column}")) FROM {table_of(path)}')
    if kind not in ("DOUBLE", "FLOAT"):
        return
    lossy = _value(
        db,
        f"""SELECT count(*) FROM {table_of(path)}
            WHERE "{column}" > {EXACT_IN_A_DOUBLE} OR "{column}" <> round("{column}")""",
    )
    if lossy:
        raise BadFile(
            f"{path.name}: {lossy:,} ids in {column} are floating point numbers that cannot hold "
            "them; write the column as 64-bit integers"
        )


def count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    return _value(db, f"SELECT count(*) FROM {table}")


def _value(db: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = db.execute(sql).fetchone()
    assert row is not None
    return row[0]
