"""What does Cassandra know? Every tweet, profile and user timeline, and what batch published."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from cassandra import DriverException, OperationTimedOut, RequestExecutionException
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    NoHostAvailable,
    ResponseFuture,
    Session,
)
from cassandra.policies import (
    DCAwareRoundRobinPolicy,
    ExponentialReconnectionPolicy,
    TokenAwarePolicy,
)
from cassandra.query import UNSET_VALUE, dict_factory

from serving.stores.guard import Guard
from settings import Settings
from views.moderation_states import IN_REDIS
from views.registry import edge_views
from views.tables import KEYSPACE, TABLES

Row = dict[str, Any]
Bound = tuple[str, Sequence[Any]]

# The write time of a row is its log position, which a copy of it in Redis needs.
ROW = {
    name: f"SELECT {', '.join(table.key + table.columns)}, WRITETIME({table.columns[0]}) AS pos "
    f"FROM {KEYSPACE}.{name} WHERE id = ?"
    for name, table in ((name, TABLES[name]) for name in ("tweets", "users", "lists"))
}
"""The first column after the id is never null."""
EDGES = {view.name: view.key for view in edge_views()}


def _edges(view: str, columns: str, more: str = "") -> str:
    one, _ = EDGES[view]
    return f"SELECT {columns} FROM {KEYSPACE}.{view} WHERE {one} = ?{more}"


EDGE = {view: _edges(view, "at_ms", f" AND {other} = ?") for view, (_, other) in EDGES.items()}
WHOLE = {
    view: _edges(view, f"{other} AS other, at_ms, WRITETIME(at_ms) AS pos")
    for view, (_, other) in EDGES.items()
}
BESIDE = {
    view: _edges(view, f"{other} AS other", f" AND {other} < ? LIMIT ?")
    for view, (_, other) in EDGES.items()
}
BESIDE_AFTER = {
    view: _edges(view, f"{other} AS other", f" AND {other} > ? ORDER BY {other} ASC LIMIT ?")
    for view, (_, other) in EDGES.items()
}
MODERATED = (
    f"SELECT source, {', '.join(IN_REDIS)}, WRITETIME(action) AS pos "
    f"FROM {KEYSPACE}.moderation_states WHERE tweet_id = ?"
)
USERNAME = f"SELECT id FROM {KEYSPACE}.users_by_username WHERE username = ?"
RETWEET = f"SELECT id FROM {KEYSPACE}.retweets WHERE author_id = ? AND tweet_id = ?"
VOTE = f"SELECT choice FROM {KEYSPACE}.poll_votes WHERE poll_id = ? AND voter_id = ?"
OF_AUTHOR = f"SELECT id FROM {KEYSPACE}.user_timeline WHERE author_id = ? AND id < ? LIMIT ?"
OF_AUTHOR_AFTER = (
    f"SELECT id FROM {KEYSPACE}.user_timeline "
    "WHERE author_id = ? AND id > ? AND id < ? ORDER BY id ASC LIMIT ?"
)
BATCH_ROW = (
    f"SELECT through, totals FROM {KEYSPACE}.batch_rows "
    "WHERE view_name = ? AND key = ? AND through <= ? LIMIT 1"
)
SUGGESTED = (
    f"SELECT rank, candidate_id, reason, followed_by, tags FROM {KEYSPACE}.who_to_follow "
    "WHERE generation = ? AND user_id = ? LIMIT ?"
)
DISMISSED = (
    f"SELECT dismissed_id AS other FROM {KEYSPACE}.dismissed_suggestions "
    "WHERE user_id = ? AND dismissed_id IN ?"
)
REQUESTED = (
    f"SELECT followee_id AS other FROM {KEYSPACE}.follow_requests "
    "WHERE follower_id = ? AND followee_id IN ?"
)
POINTER = f"SELECT through FROM {KEYSPACE}.pointers WHERE view_name = ?"


class CassandraStore:
    """Thread-safe; connects on first use and again whenever that failed.

    Every method may raise `StoreUnavailable`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connecting = threading.Lock()
        self._session: Session | None = None
        self._prepared: dict[str, Any] = {}
        self.guard = Guard(
            "cassandra",
            (
                NoHostAvailable,
                OperationTimedOut,
                RequestExecutionException,  # timeouts and overload, said by the server
                DriverException,
                OSError,
            ),
        )

    def rows(self, wanted: Mapping[str, Sequence[int]]) -> dict[str, dict[int, Row]]:
        """By view and id the rows that are there; each with `pos`, its log position."""
        places = [(view, id) for view, ids in wanted.items() for id in ids]
        found: dict[str, dict[int, Row]] = {view: {} for view in wanted}
        answers = self._all([(ROW[view], (id,)) for view, id in places])
        for (view, id), rows in zip(places, answers, strict=True):
            if rows:
                found[view][id] = rows[0]
        return found

    def edges_stand(self, edges: Sequence[tuple[str, int, int]]) -> list[bool]:
        """Of each `(view, one, other)`, whether it is there."""
        return [bool(rows) for rows in self._all([(EDGE[v], pair) for v, *pair in edges])]

    def edges_of(self, keys: Sequence[tuple[str, int]]) -> list[list[tuple[int, int, int]]]:
        """Of each `(view, one)` all its edges, `(other, at_ms, log position)`."""
        return [
            [(row["other"], row["at_ms"], row["pos"]) for row in rows]
            for rows in self._all([(WHOLE[view], (one,)) for view, one in keys])
        ]

    def beside(self, view: str, one: int, *, before: int, limit: int) -> list[int]:
        """Those at the other ends of the edges of `one`, below the id `before`, newest id first."""
        (rows,) = self._all([(BESIDE[view], (one, before, limit))])
        return [row["other"] for row in rows]

    def beside_after(self, view: str, one: int, *, after: int, limit: int) -> list[int]:
        """Those just above the id `after`, newest id first."""
        (rows,) = self._all([(BESIDE_AFTER[view], (one, after, limit))])
        return [row["other"] for row in reversed(rows)]

    def moderated(self, tweets: Sequence[int]) -> dict[int, dict[str, Row]]:
        """By tweet and source what was said of it last; each row with `pos`."""
        found = self._all([(MODERATED, (id,)) for id in tweets])
        return {
            id: {row["source"]: row for row in rows} for id, rows in zip(tweets, found, strict=True)
        }

    def user_ids(self, usernames: Sequence[str]) -> list[int | None]:
        """Who bears or has borne each name (in lower case); the profile says who bears it now."""
        found = self._all([(USERNAME, (name,)) for name in usernames])
        return [rows[0]["id"] if rows else None for rows in found]

    def retweet_id(self, author_id: int, tweet_id: int) -> int | None:
        (rows,) = self._all([(RETWEET, (author_id, tweet_id))])
        return rows[0]["id"] if rows else None

    def vote(self, poll_id: int, voter_id: int) -> int | None:
        """What the voter has chosen in the poll, counted from 1."""
        (rows,) = self._all([(VOTE, (poll_id, voter_id))])
        return rows[0]["choice"] if rows else None

    def ids_of_author(self, author_id: int, *, before: int, limit: int) -> list[int]:
        """The author's tweets and retweets below the id `before`, newest first."""
        (rows,) = self._all([(OF_AUTHOR, (author_id, before, limit))])
        return [row["id"] for row in rows]

    def ids_of_author_after(
        self, author_id: int, *, after: int, before: int, limit: int
    ) -> list[int]:
        """Those just above the id `after`, newest first."""
        (rows,) = self._all([(OF_AUTHOR_AFTER, (author_id, after, before, limit))])
        return [row["id"] for row in reversed(rows)]

    def batch_totals(
        self, view: str, keys: Sequence[int], pointer: int
    ) -> dict[int, tuple[int, dict[str, int]]]:
        """For each key the version that a reader at `pointer` sees: `(through, totals)`."""
        found = self._all([(BATCH_ROW, (view, key, pointer)) for key in keys])
        return {
            key: (rows[0]["through"], dict(rows[0]["totals"] or {}))
            for key, rows in zip(keys, found, strict=True)
            if rows
        }

    def pointer(self, view: str) -> int:
        """Through which epoch batch has published; 0 before the first run."""
        (rows,) = self._all([(POINTER, (view,))])
        return rows[0]["through"] if rows else 0

    def suggested(self, user_id: int, *, limit: int) -> list[Row]:
        """Whom the standing generation says the user may want to follow, the first rank first:
        `rank`, `candidate_id`, `reason`, `followed_by`, `tags`. Empty before the first."""
        generation = self.pointer("who_to_follow")
        (rows,) = self._all([(SUGGESTED, (generation, user_id, limit))])
        return rows

    def dismissed_or_requested(self, user_id: int, others: Sequence[int]) -> set[int]:
        """Those of the others whom the user does not want to be told of, or has asked already."""
        asked = (user_id, list(others))
        found = self._all([(DISMISSED, asked), (REQUESTED, asked)])
        return {row["other"] for rows in found for row in rows}

    def begin(self, statements: Sequence[Bound]) -> list[ResponseFuture]:
        """Sends the statements at once; pass what comes back to `finish`."""
        with self.guard():
            session = self._connected()
            return [
                session.execute_async(self._prepare(session, cql), values)
                for cql, values in statements
            ]

    def finish(self, futures: Sequence[ResponseFuture]) -> list[list[Row]]:
        with self.guard():
            return [list(future.result()) for future in futures]

    def ping(self) -> None:
        self._all([("SELECT key FROM system.local", ())])

    def close(self) -> None:
        if self._session is not None:
            self._session.cluster.shutdown()

    def _all(self, statements: Sequence[Bound]) -> list[list[Row]]:
        return self.finish(self.begin(statements))

    def _prepare(self, session: Session, cql: str) -> Any:
        prepared = self._prepared.get(cql)
        if prepared is None:
            prepared = self._prepared[cql] = session.prepare(cql)
        return prepared

    def _connected(self) -> Session:
        if self._session is None:
            with self._connecting:
                if self._session is None:
                    self._session = self._connect()
        return self._session

    def _connect(self) -> Session:
        timeout_s = self._settings.store_timeout_seconds
        cluster = Cluster(
            [self._settings.host],
            port=self._settings.cassandra_port,
            execution_profiles={
                EXEC_PROFILE_DEFAULT: ExecutionProfile(
                    load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy()),
                    request_timeout=timeout_s,
                    row_factory=dict_factory,
                )
            },
            protocol_version=5,
            connect_timeout=timeout_s,
            control_connection_timeout=timeout_s,
            reconnection_policy=ExponentialReconnectionPolicy(0.5, 5),
            schema_metadata_enabled=False,  # nothing here asks for it, and it slows connecting
            token_metadata_enabled=False,
        )
        try:
            return cluster.connect()
        except Exception:
            cluster.shutdown()
            raise


UNSET = UNSET_VALUE
"""Bound where nothing shall be written."""
