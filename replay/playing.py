"""Which events does a loaded file become?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import duckdb

from ingest.events import AccountCreated, Event, Followed, Retweeted, TweetPosted
from replay.files import Loaded

USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
AT_ONCE = 10_000  # rows held in memory at a time


def accounts(loaded: Loaded) -> Iterator[Event]:
    """An account for each author and follower, under its own id."""
    at_ms = _start_ms(loaded)
    for id, username in _rows(loaded.db, "SELECT id, username FROM accounts ORDER BY id"):
        if not (username and USERNAME.fullmatch(username)):
            username = f"u{_base36(id)}"
        yield AccountCreated(at_ms=at_ms, id=id, username=username, name=username)


def follows(loaded: Loaded) -> Iterator[Event]:
    """The edges, all of them before the first tweet."""
    at_ms = _start_ms(loaded)
    for follower_id, followee_id in _rows(loaded.db, "SELECT follower_id, followee_id FROM edges"):
        yield Followed(at_ms=at_ms, follower_id=follower_id, followee_id=followee_id)


def entries(loaded: Loaded) -> Iterator[Event]:
    """The tweets and retweets in the order of time, under their own ids."""
    sql = """SELECT e.id, e.author_id, e.at_ms, e.text, e.retweet_of_id, o.author_id
             FROM entries e LEFT JOIN entries o ON o.id = e.retweet_of_id ORDER BY e.at_ms, e.id"""
    for id, author_id, at_ms, text, retweet_of_id, retweeted_author_id in _rows(loaded.db, sql):
        if retweet_of_id is None:
            yield TweetPosted(
                at_ms=at_ms, id=id, author_id=author_id, text=text, conversation_id=id
            )
        else:
            yield Retweeted(
                at_ms=at_ms,
                id=id,
                author_id=author_id,
                tweet_id=retweet_of_id,
                tweet_author_id=retweeted_author_id,
            )


def _start_ms(loaded: Loaded) -> int:
    row = loaded.db.execute("SELECT coalesce(min(at_ms), 0) FROM entries").fetchone()
    assert row is not None
    return row[0]


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = db.cursor().execute(sql)
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


def _base36(number: int) -> str:
    """Any 64-bit id in at most 13 characters, so that it fits a username."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
