"""How does batch reach the stores it publishes to?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from cassandra import ProtocolVersion
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.concurrent import execute_concurrent
from cassandra.policies import RoundRobinPolicy

from settings import Settings
from stores.shards import Shards
from views.tables import KEYSPACE

CONCURRENT = 128  # statements on their way to Cassandra at once


class Cassandra:
    """Runs prepared statements, many at once. Raises what the driver raises."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._prepared: dict[str, Any] = {}

    def all(self, statements: Iterable[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """The rows of each statement, in their order."""
        done = execute_concurrent(
            self._session,
            [(self._prepare(cql), bound) for cql, bound in statements],
            concurrency=CONCURRENT,
            raise_on_first_error=True,
        )
        return [list(result.result_or_exc) for result in done]

    def one(self, cql: str, bound: Sequence[Any]) -> Any:
        """The first row, or None."""
        (rows,) = self.all([(cql, bound)])
        return rows[0] if rows else None

    def _prepare(self, cql: str) -> Any:
        if cql not in self._prepared:
            self._prepared[cql] = self._session.prepare(cql)
        return self._prepared[cql]


@contextmanager
def cassandra(settings: Settings) -> Iterator[Cassandra]:
    profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=20)
    cluster = Cluster(
        [settings.host],
        port=settings.cassandra_port,
        protocol_version=ProtocolVersion.V5,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
    )
    try:
        yield Cassandra(cluster.connect(KEYSPACE))
    finally:
        cluster.shutdown()


@contextmanager
def redis_client(settings: Settings) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.redis_url, socket_timeout=20) as client:
        yield client


@contextmanager
def timeline_shards(settings: Settings) -> Iterator[Shards]:
    shards = Shards(settings, socket_timeout=20)
    try:
        yield shards
    finally:
        shards.close()
