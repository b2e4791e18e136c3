"""How does a test of features let people do things, without a log and without Spark?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
import redis
from deltalake import CommitProperties, write_deltalake

from bench.own_redis import own_redis
from lake import tables
from lake.commits import metadata
from serving.features import features_of
from settings import Settings
from tests.lake.filling import lake_in
from views.features.tables import FEATURE_TABLES, FeatureTable


@dataclass
class Desk:
    settings: Settings
    client: redis.Redis

    def did(self, through: int, table: FeatureTable, ids: tuple[int, ...], *acts: object) -> None:
        """Adds activity to the lake, (measure, epoch) each, and makes it through that epoch."""
        said = CommitProperties(custom_metadata={"userMetadata": metadata(through)})
        named = dict(zip(table.entity, ids, strict=True))
        rows = [named | {"measure": m, "epoch": e, "total": 1} for m, e in acts]  # type: ignore[misc]
        for each in FEATURE_TABLES:
            own = rows if each is table else []
            activity, gold = tables.activity(each), tables.features(each)
            write_deltalake(
                activity.open(self.settings), pa.Table.from_pylist(own, activity.columns),
                mode="append",
            )  # fmt: skip
            write_deltalake(
                gold.open(self.settings), pa.Table.from_pylist([], gold.columns),
                mode="append", commit_properties=said,
            )  # fmt: skip

    def value(self, table: FeatureTable, ids: tuple[int, ...], name: str, at: int) -> int | None:
        """As somebody is answered when `at` is the epoch through which all is known."""
        at_ms = at * 1_000 + round(1_000 * self.settings.feature_delay_seconds)
        found = features_of(self.settings, self.client, table.name, [ids], at_ms=at_ms).values[ids]
        return None if found is None else found[name]


@pytest.fixture(scope="module")
def own_server() -> Iterator[redis.Redis]:
    """A Redis of their own: tiles have one pointer, which a DAG of the platform may move."""
    with own_redis() as client:
        yield client


@pytest.fixture
def desk(own_server: redis.Redis, tmp_path: Path) -> Desk:
    """On an empty Redis and an empty lake; an epoch is a second."""
    own_server.flushall()
    port = own_server.connection_pool.connection_kwargs["port"]
    return Desk(lake_in(tmp_path).model_copy(update={"redis_port": port}), own_server)
