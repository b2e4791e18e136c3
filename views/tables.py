"""Which Cassandra statement writes a change of a StateView?

Both the API (a writer's own rows) and the speed layer (everybody's) write with these statements,
each `USING TIMESTAMP` the record's log position, so it does not matter who comes last.

>>> from views.contract import Delete
>>> statement(TABLES["retweets"], Delete((1, 2)), pos=9)
('DELETE FROM starling.retweets USING TIMESTAMP ? WHERE author_id = ? AND tweet_id = ?', (9, 1, 2))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from views import (
    blocked_tags,
    edges,
    known_spam,
    lists,
    moderation_audit,
    moderation_history,
    moderation_notices,
    moderation_states,
    pulled_authors,
    pulled_edges,
    reports_made,
    review_queue,
    trend_history,
    tweet_reports,
    tweets,
    users,
)
from views.contract import Change, Put
from views.registry import edge_views

KEYSPACE = "starling"


@dataclass(frozen=True)
class Table:
    """The table of a StateView, named after it: `key` columns, then the `columns` of a row.

    `rewritten` says whether a put may meet an older row of the same key. Where it cannot, nulls
    need not be written: a null that is written is a tombstone every read has to step over. (An edit
    renews a tweet's row, with all that the row had.)
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rewritten: bool = False

    @cached_property
    def put(self) -> str:
        names = self.key + self.columns
        marks = ", ".join("?" * len(names))
        return (
            f"INSERT INTO {KEYSPACE}.{self.name} ({', '.join(names)}) VALUES ({marks}) "
            "USING TIMESTAMP ?"
        )

    @cached_property
    def delete(self) -> str:
        return f"DELETE FROM {KEYSPACE}.{self.name} USING TIMESTAMP ? WHERE {self._is_key}"

    @cached_property
    def get(self) -> str:
        """Bound to the key. A row of nothing but its key says that."""
        names = ", ".join(self.columns or self.key)
        return f"SELECT {names} FROM {KEYSPACE}.{self.name} WHERE {self._is_key}"

    @property
    def _is_key(self) -> str:
        return " AND ".join(f"{name} = ?" for name in self.key)


TABLES = {
    table.name: table
    for table in (
        Table("tweets", ("id",), tweets.COLUMNS[1:]),
        Table("user_timeline", ("author_id", "id"), ("reply_to_user_id", "retweet_of_id")),
        Table("retweets", ("author_id", "tweet_id"), ("id",), rewritten=True),
        Table("reposts", ("tweet_id", "id"), ("author_id",)),
        Table("quotes", ("tweet_id", "id"), ()),
        Table("mentions", ("user_id", "id"), ()),
        Table("conversations", ("conversation_id", "id"), ("reply_to_id", "first_id")),
        Table("hidden_replies", ("conversation_id", "tweet_id"), ()),
        Table("poll_votes", ("poll_id", "voter_id"), ("choice",), rewritten=True),
        Table("pulled_authors", ("part", "author_id"), pulled_authors.COLUMNS, rewritten=True),
        Table("pulled_edges", ("reader_id", "author_id"), pulled_edges.COLUMNS, rewritten=True),
        Table(
            "trend_history",
            ("place", "day", "at_ms", "window_hours", "tag"),
            trend_history.COLUMNS,
            rewritten=True,
        ),
        Table(
            "moderation_states",
            ("tweet_id", "source"),
            moderation_states.COLUMNS,
            rewritten=True,
        ),
        Table(
            "tweet_reports",
            ("tweet_id", "at_ms", "reporter_id"),
            tweet_reports.COLUMNS,
            rewritten=True,
        ),
        Table("reports_made", ("reporter_id", "tweet_id"), reports_made.COLUMNS, rewritten=True),
        Table(
            "review_queue",
            ("severity", "part", "tweet_id", "why"),
            review_queue.COLUMNS,
            rewritten=True,
        ),
        Table(
            "moderation_history",
            ("tweet_id", "at_ms", "kind", "who_id"),
            moderation_history.COLUMNS,
        ),
        Table(
            "moderation_audit",
            ("moderator_id", "day", "at_ms", "tweet_id"),
            moderation_audit.COLUMNS,
        ),
        Table(
            "moderation_notices",
            ("author_id", "at_ms", "tweet_id"),
            moderation_notices.COLUMNS,
            rewritten=True,
        ),
        Table("known_spam", ("part", "text_key", "tweet_id"), known_spam.COLUMNS, rewritten=True),
        Table("blocked_tags", ("place", "tag"), blocked_tags.COLUMNS, rewritten=True),
        Table("users", ("id",), users.COLUMNS[1:], rewritten=True),
        Table("lists", ("id",), lists.COLUMNS[1:], rewritten=True),
        *(Table(view.name, view.key, edges.COLUMNS) for view in edge_views()),
    )
}

USERNAME_PUT = (
    f"INSERT INTO {KEYSPACE}.users_by_username (username, id) VALUES (?, ?) USING TIMESTAMP ?"
)
"""Bound to the name in lower case, the user's id, and the event's own time in milliseconds."""


BLOCKED_TAGS_OF = f"SELECT tag FROM {KEYSPACE}.blocked_tags WHERE place = ? LIMIT ?"
KNOWN_SPAM_OF = f"SELECT text_key FROM {KEYSPACE}.known_spam WHERE part = ? LIMIT ?"
"""Small tables that processes read whole, every few seconds."""


def statement(
    table: Table, change: Change, *, pos: int, unset: Any = None
) -> tuple[str, tuple[Any, ...]]:
    """The CQL that applies the change at that log position, and what to bind to it.

    `unset` is the driver's own sign for "write nothing", used for nulls that need no writing.
    """
    key = change.key if isinstance(change.key, tuple) else (change.key,)
    if not isinstance(change, Put):
        return table.delete, (pos, *key)
    null = None if table.rewritten else unset
    values = (change.row[name] for name in table.columns)
    return table.put, (*key, *(null if value is None else value for value in values), pos)
