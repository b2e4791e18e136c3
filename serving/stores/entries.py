"""Which ids stand under this key, newest first?

Mentions, quotes, retweets, conversations and words lie in Cassandra alike: a partition of the key,
in it the ids in descending order. So one way of reading serves them all, in pages cut by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from serving.paging import NEWEST, Cursor
from serving.stores.cassandra import Bound, CassandraStore
from views.tables import KEYSPACE, TABLES

Entry = dict[str, Any]
"""`id`, and the other columns of the table that are no part of the key."""


class Entries:
    """Every method may raise `StoreUnavailable`."""

    def __init__(self, cassandra: CassandraStore) -> None:
        self._cassandra = cassandra

    def page(
        self,
        view: str,
        key: Sequence[Any],
        at: Cursor,
        count: int,
        *,
        after: int = 0,
        before: int = NEWEST,
    ) -> list[Entry]:
        """Up to `count` entries at the cursor with ids between the bounds, newest first."""
        (found,) = self.pages(view, [key], at, count, after=after, before=before)
        return found

    def pages(
        self,
        view: str,
        keys: Iterable[Sequence[Any]],
        at: Cursor,
        count: int,
        *,
        after: int = 0,
        before: int = NEWEST,
    ) -> list[list[Entry]]:
        """The same of several partitions, asked for at once."""
        upwards = at.newer_than is not None
        low = max(after, at.newer_than or 0)
        high = before if upwards else min(before, at.older_than)
        cql = _select(view, upwards)
        asked: list[Bound] = [(cql, (*key, low, high, count)) for key in keys]
        found = self._cassandra.finish(self._cassandra.begin(asked))
        return [rows[::-1] if upwards else rows for rows in found]


@cache
def _select(view: str, upwards: bool) -> str:
    """The ids of a partition within bounds, both exclusive; upwards those just above the lower."""
    table = TABLES[view]
    *partition, id = table.key
    where = " AND ".join(f"{name} = ?" for name in partition)
    order = f" ORDER BY {id} ASC" if upwards else ""
    return (
        f"SELECT {', '.join((id, *table.columns))} FROM {KEYSPACE}.{table.name} "
        f"WHERE {where} AND {id} > ? AND {id} < ?{order} LIMIT ?"
    )
