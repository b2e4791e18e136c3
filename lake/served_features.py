"""Which features were answered online? A sample of them lies in the lake, for comparison.

Rows are gathered and appended together: a commit for each would be a file for each.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa
from deltalake import write_deltalake

from lake import ledgers
from settings import Settings

AT_ONCE = 1_000  # rows of a commit


class ServedLog:
    """What a process that asks for features notes; `close` writes what is left.

    >>> with ServedLog(settings) as log:
    ...     log.note("users", (42,), {"user_posts_1h": 3}, at_ms, through, pointer)
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> ServedLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def note(
        self,
        table: str,
        ids: tuple[int, ...],
        values: Mapping[str, int],
        at_ms: int,
        through: int,
        pointer: int,
    ) -> None:
        """Notes an answer, or leaves it, as the share of the settings says."""
        if random.random() >= self._settings.features_served_share:
            return
        self._rows.append(
            {
                "feature_table": table,
                "entity_id": ids[0],
                "second_id": ids[1] if len(ids) > 1 else None,
                "asked_at_ms": at_ms,
                "through": through,
                "pointer": pointer,
                "served_values": msgspec.json.encode(values).decode(),
                "day": datetime.fromtimestamp(at_ms / 1_000, UTC).date(),
            }
        )
        if len(self._rows) >= AT_ONCE:
            self.close()

    def close(self) -> None:
        """Writes what was noted."""
        if self._rows:
            table = ledgers.FEATURES_SERVED.create(self._settings)
            rows = pa.Table.from_pylist(self._rows, ledgers.FEATURES_SERVED.columns)
            write_deltalake(table, rows, mode="append")
            self._rows = []
