"""What do processes of the speed layer read of Cassandra, now and then: small tables, whole?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cassandra import DriverException, OperationTimedOut, RequestExecutionException
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    NoHostAvailable,
    Session,
)
from cassandra.policies import RoundRobinPolicy

from settings import Settings

AWAY = (NoHostAvailable, OperationTimedOut, RequestExecutionException, DriverException, OSError)
"""What Cassandra raises that does not answer; whoever reads goes on with what it read last."""


class Lasting:
    """Connects at the first question, and anew whenever that failed. For one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: Session | None = None

    def column(self, cql: str, bound: Sequence[Sequence[Any]]) -> list[Any]:
        """The first column of all rows, whichever of the values are bound. Raises one of `AWAY`."""
        session = self._connected()
        prepared = session.prepare(cql)
        sent = [session.execute_async(prepared, values) for values in bound]
        return [row[0] for future in sent for row in future.result()]

    def close(self) -> None:
        if self._session is not None:
            self._session.cluster.shutdown()

    def _connected(self) -> Session:
        if self._session is None:
            profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=5)
            cluster = Cluster(
                [self._settings.host],
                port=self._settings.cassandra_port,
                execution_profiles={EXEC_PROFILE_DEFAULT: profile},
            )
            try:
                self._session = cluster.connect()
            except Exception:
                cluster.shutdown()
                raise
        return self._session
