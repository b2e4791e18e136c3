"""Does the log answer? Asked over a connection of its own, so that it never delays a write."""

from __future__ import annotations

import threading

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from ingest.producer import LogUnavailable
from settings import Settings

MILLISECONDS = 1_500


class LogHealth:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._admin: KafkaAdminClient | None = None

    def check(self, settings: Settings) -> None:
        """Raises `LogUnavailable` unless a broker answers."""
        with self._lock:
            try:
                if self._admin is None:
                    self._admin = KafkaAdminClient(
                        bootstrap_servers=settings.kafka,
                        client_id="starling-health",
                        request_timeout_ms=MILLISECONDS,
                        bootstrap_timeout_ms=MILLISECONDS,
                    )
                self._admin.describe_cluster()
            except (KafkaError, OSError) as error:
                self._drop()
                raise LogUnavailable(f"no broker answers: {error}") from error

    def _drop(self) -> None:
        if self._admin is not None:
            self._admin.close()
            self._admin = None
