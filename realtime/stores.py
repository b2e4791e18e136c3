"""How are the changes of state views written to Cassandra and Redis?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.concurrent import execute_concurrent
from cassandra.policies import RoundRobinPolicy
from cassandra.query import UNSET_VALUE, BatchStatement, BatchType

from ingest.events import AccountCreated, AccountUpdated, Event
from ingest.positions import applied_key
from realtime import redis_functions
from settings import Settings
from views import rows
from views.contract import Change, StateView
from views.tables import TABLES, USERNAME_PUT, statement

# Statements are sent in unlogged batches: a request costs the driver more than a statement does.
CONCURRENT = 8  # batches on their way to Cassandra at once
BATCH_STATEMENTS = 32
BATCH_BYTES = 16 * 1024  # of bound values; Cassandra refuses batches of 50 KiB

Written = tuple[StateView, Change, int, Event]
"""A change of a view, its log position, and the event that made it."""


class Stores:
    """Both stores, with their connections open."""

    def __init__(self, settings: Settings) -> None:
        profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=10)
        self._cluster = Cluster(
            [settings.host],
            port=settings.cassandra_port,
            execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        )
        self._session = self._cluster.connect()
        self._prepared: dict[str, Any] = {}
        self._redis = redis_functions.connect(settings.redis_url)
        self._ttl_seconds = settings.speed_row_ttl_hours * 3600

    def close(self) -> None:
        self._cluster.shutdown()
        self._redis.close()

    def write(self, changes: Sequence[Written], applied: Mapping[str, int]) -> None:
        """Writes all changes, then the marks that say so. Raises what a store raises.

        Order within a batch is no matter: both stores keep the change with the highest position.
        """
        execute_concurrent(
            self._session,
            [(batch, ()) for batch in self._batches(changes)],
            concurrency=CONCURRENT,
            raise_on_first_error=True,
        )
        pipeline = self._redis.pipeline(transaction=False)
        for view, change, pos, _ in changes:
            if call := rows.put(view.name, change, pos=pos, ttl_s=self._ttl_seconds):
                pipeline.fcall(*call)
        pipeline.hset(applied_key("state"), mapping=dict(applied))
        pipeline.execute()

    def _batches(self, changes: Iterable[Written]) -> Iterator[BatchStatement]:
        batch, size = BatchStatement(BatchType.UNLOGGED), 0
        for cql, values in _statements(changes):
            bound = self._prepare(cql).bind(values)
            bytes_more = sum(len(value) for value in bound.values if isinstance(value, bytes))
            if len(batch) == BATCH_STATEMENTS or (batch and size + bytes_more > BATCH_BYTES):
                yield batch
                batch, size = BatchStatement(BatchType.UNLOGGED), 0
            batch.add(bound)
            size += bytes_more
        if batch:
            yield batch

    def _prepare(self, cql: str) -> Any:
        if cql not in self._prepared:
            self._prepared[cql] = self._session.prepare(cql)
        return self._prepared[cql]


def _statements(changes: Iterable[Written]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for view, change, pos, event in changes:
        yield statement(TABLES[view.name], change, pos=pos, unset=UNSET_VALUE)
        if isinstance(event, AccountCreated | AccountUpdated):
            yield USERNAME_PUT, (event.username.lower(), event.id, event.at_ms)
