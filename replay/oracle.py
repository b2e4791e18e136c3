"""What must the platform hold once the files have been played?

Computed from the files' rows alone, in one SQL statement a question. Nothing of `views/` is used
here: an oracle that shares code with what it judges would share its mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

TIMELINES = """
    SELECT follower_id, id FROM (
        SELECT follower_id, id,
               row_number() OVER (PARTITION BY follower_id ORDER BY id DESC) AS place
        FROM edges JOIN entries ON author_id = followee_id)
    WHERE place <= $cap ORDER BY follower_id, id DESC
"""

USER_COUNTS = """
    WITH counted AS (
        SELECT follower_id AS id, 0 AS followers, 1 AS following, 0 AS tweets FROM edges
        UNION ALL SELECT followee_id, 1, 0, 0 FROM edges
        UNION ALL SELECT author_id, 0, 0, 1 FROM entries WHERE retweet_of_id IS NULL
        UNION ALL SELECT author_id, 0, 0, 1 FROM (
            SELECT DISTINCT author_id, retweet_of_id FROM entries WHERE retweet_of_id IS NOT NULL))
    SELECT id, sum(followers)::BIGINT, sum(following)::BIGINT, sum(tweets)::BIGINT
    FROM counted GROUP BY id ORDER BY id
"""

RETWEET_COUNTS = """
    SELECT retweet_of_id, count(DISTINCT author_id) FROM entries
    WHERE retweet_of_id IS NOT NULL GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Expected:
    """What the files lead to, with every edge in place before the first tweet."""

    deliveries: int
    """Entries written to home timelines: one for each entry and follower of its author."""
    readers: int
    """Followers of at least one author who wrote."""
    timelines: dict[int, list[int]]
    """Each reader's newest ids, newest first; a follower whose authors never wrote has none."""
    user_counts: dict[int, dict[str, int]]
    tweet_counts: dict[int, dict[str, int]]


def expected(db: duckdb.DuckDBPyConnection, *, cap: int) -> Expected:
    """The end state for the tables `entries` and `edges` of `db` (see `files.load`)."""
    row = db.execute(
        """SELECT count(*), count(DISTINCT follower_id)
           FROM edges JOIN entries ON author_id = followee_id"""
    ).fetchone()
    assert row is not None
    followers = db.execute("SELECT DISTINCT follower_id FROM edges ORDER BY 1").fetchall()
    timelines: dict[int, list[int]] = {follower: [] for (follower,) in followers}
    for reader, id in db.execute(TIMELINES, {"cap": cap}).fetchall():
        timelines[reader].append(id)
    names = ("followers_count", "following_count", "tweet_count")
    return Expected(
        deliveries=row[0],
        readers=row[1],
        timelines=timelines,
        user_counts={
            id: dict(zip(names, counts, strict=True)) for id, *counts in _rows(db, USER_COUNTS)
        },
        tweet_counts={id: {"retweet_count": count} for id, count in _rows(db, RETWEET_COUNTS)},
    )


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[int, ...]]:
    yield from db.execute(sql).fetchall()
