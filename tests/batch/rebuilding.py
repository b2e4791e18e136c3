"""How does a test have every view rebuilt from a lake, once for all tests of what comes back?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from batch.stores import Cassandra, cassandra, redis_client, timeline_shards
from ingest.bulk import append_all
from settings import Settings
from tests.batch.environment import run
from tests.engines.waiting import until
from tests.ingest.archiving import archiver, wait_until_archived
from tests.realtime.playing import moved, opened, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    accepted,
    blocked,
    created,
    deleted,
    edited,
    followed,
    hidden,
    liked,
    list_made,
    listed,
    posted,
    requested,
    retweeted,
    unfollowed,
    voted,
)
from views.registry import VIEWS, fold_views
from views.rows import (
    pack_row,
    unpack_row,
    user_key,
)
from views.seam import pointer_key
from views.tables import KEYSPACE
from views.timelines import bucket_of, home_key, pack

DELETED = 12
LIST = 40
HISTORY = [
    *(created(user) for user in (ALICE, BOB, CAROL)),
    followed(ALICE, BOB),
    followed(ALICE, CAROL),
    followed(BOB, CAROL),
    unfollowed(BOB, CAROL),
    posted(10, BOB),
    posted(11, CAROL, reply_to_id=10),
    posted(DELETED, CAROL),
    deleted(DELETED, CAROL),
    retweeted(13, CAROL, 10),
    liked(ALICE, 10),
    liked(BOB, 10),
    liked(BOB, 10),
    requested(BOB, ALICE),
    requested(DAVE, ALICE),
    accepted(DAVE, ALICE),
    blocked(ALICE, CAROL),
    list_made(LIST, ALICE),
    listed(LIST, ALICE, BOB),
    posted(14, CAROL, quote_of_id=10, mention_ids=f"0,{ALICE}"),
    edited("14,15", CAROL, quote_of_id=10, mention_ids=f"0,{ALICE}"),
    hidden(11, BOB, 10),
    voted(ALICE, 10, 2),
]
LIVE = 99  # a tweet of Bob's that the speed layer delivers while the lake is read


@pytest.fixture(scope="package")
def lake(
    kafka_server: Settings,
    redis_server: Settings,
    cassandra_server: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """A lake of its own beside the shared log and stores, with epochs of a second."""
    folder = tmp_path_factory.mktemp("lake")
    return kafka_server.model_copy(update={"state_dir": folder, "epoch_seconds": 1})


@pytest.fixture(scope="package")
def base() -> int:
    return world()


@pytest.fixture(scope="package")
def cache(lake: Settings) -> Iterator[redis.Redis]:
    with redis_client(lake) as client:
        yield client


@pytest.fixture(scope="package")
def lasting(lake: Settings) -> Iterator[Cassandra]:
    with cassandra(lake) as session:
        yield session


@pytest.fixture(scope="package")
def rebuilt(
    lake: Settings, base: int, cache: redis.Redis, lasting: Cassandra, tmp_path_factory: Any
) -> Iterator[dict[str, Any]]:
    """What `batch.rebuild` says, of all views at once."""
    log: Path = tmp_path_factory.mktemp("archiver") / "log"
    append_all(lake, [moved(event, base) for event in HISTORY])
    closed = time.time() + 3.5  # a second's epoch, and the margin that batch.land leaves
    opened(lake, base + ALICE, base + LIST)
    key = home_key(base + ALICE, lake.timeline_buckets)
    with timeline_shards(lake) as shards:
        shards.command(
            bucket_of(base + ALICE, lake.timeline_buckets), "APPEND", key, pack([base + LIVE])
        )
    newer = pack_row(2**40, {"id": base + BOB, "username": "bob", "name": "Renamed"})
    cache.set(user_key(base + BOB), newer)
    with archiver(lake, log, STARLING_EPOCH_SECONDS="1"):
        wait_until_archived(lake)
        until(lambda: time.time() > closed)
        done = run(lake, "-m", "batch.rebuild", *(view.name for view in VIEWS))
    assert done.code == 0, done.said
    yield done.result
    for view in fold_views():  # the pointers of this lake mean nothing to anybody else
        cache.delete(pointer_key(view.name))
        lasting.one(f"DELETE FROM {KEYSPACE}.pointers WHERE view_name = ?", (view.name,))


def row(value: bytes | None) -> dict[str, Any] | None:
    """The row that Redis holds; None for a tombstone."""
    assert value is not None
    _, body = unpack_row(value)
    return msgspec.json.decode(body) if body else None


def standing(ids: list[int], base: int) -> list[int]:
    """As readers see it: where a speed layer runs beside, it delivered the deleted tweet too."""
    return [id for id in ids if id != base + DELETED]
