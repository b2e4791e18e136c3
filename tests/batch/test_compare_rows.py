"""What both stores say of rows that changed is held against the lake's last word on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from batch import land, silver
from batch.compare_rows import compare_rows
from batch.stores import cassandra, redis_client
from ingest.events import Event
from ingest.topics import EVENT_TOPICS
from lake import ledgers
from settings import Settings
from tests.lake.filling import archive, archived_up_to, bronze_rows, lake_in, moved
from tests.realtime.playing import world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    deleted,
    followed,
    posted,
    retweeted,
    unretweeted,
)
from tests.views.records import EPOCH_MS, Record, log_of
from views.contract import StateView
from views.registry import state_views
from views.retweets import RETWEETS
from views.rows import put
from views.tables import TABLES, statement
from views.tweets import TWEETS
from views.user_timeline import USER_TIMELINE

pytestmark = pytest.mark.engines

DAY_SECONDS = 86_400
NOON = 20 * DAY_SECONDS  # an epoch in the middle of nowhere; one is a second here


class World:
    """A lake of its own and the shared stores, with people whom nobody else knows."""

    def __init__(self, settings: Settings, opened: ExitStack) -> None:
        self.settings, self.base = settings, world()
        self.cache = opened.enter_context(redis_client(settings))
        self.lasting = opened.enter_context(cassandra(settings))

    def log(self, *events: Event, epoch: int = NOON) -> list[Record]:
        """Two events an epoch, in one partition."""
        records = log_of([moved(e, self.base) for e in events], partitions=1, ms_apart=500)
        return [r._replace(append_ms=r.append_ms + epoch * EPOCH_MS) for r in records]

    def land(self, records: list[Record], through: int) -> None:
        """They are all in bronze; silver is complete through that epoch."""
        archive(self.settings, bronze_rows(records))
        for topic in EVENT_TOPICS:
            silver.refine(self.settings, topic, through)

    def serve(self, view: StateView, records: list[Record], *, but_redis: bool = False) -> None:
        """Both stores take in what the records say, as the speed layer has them do."""
        for record in records:
            for change in view.project(record.event):
                pos = record.position.offset
                self.lasting.all([statement(TABLES[view.name], change, pos=pos)])
                if not but_redis and (call := put(view.name, change, pos=pos, ttl_s=600)):
                    self.cache.fcall(*call)

    def compare(self, view: StateView, through: int, events: int = 1_000) -> dict[str, Any]:
        return compare_rows(self.settings, view, through, events=events, wait_s=0)

    def ledger(self) -> list[tuple[Any, ...]]:
        """Store, epoch (the first is 0), keys, differing, rows in the lake, rows in the store."""
        rows = ledgers.DRIFT.open(self.settings).to_pyarrow_table().to_pylist()
        names = ("keys", "differing", "lake_total", "speed_total")
        return sorted((r["measure"], r["epoch"] - NOON, *(r[n] for n in names)) for r in rows)


@pytest.fixture
def lake(
    kafka_server: Settings, redis_server: Settings, cassandra_server: Settings, tmp_path: Path
) -> Iterator[World]:
    with ExitStack() as opened:
        yield World(lake_in(tmp_path, kafka_server), opened)


def test_stores_that_agree_have_no_drift(lake: World) -> None:
    records = lake.log(posted(10, ALICE), posted(11, BOB), deleted(10, ALICE), posted(12, BOB))
    lake.land(records, NOON + 2)
    lake.serve(TWEETS, records)
    done = lake.compare(TWEETS, NOON + 2)
    assert (done["compared"], done["differing"], done["served_keys_checked"]) == (6, 0, 3)
    assert lake.ledger() == [
        ("cassandra", 0, 1, 0, 1, 1),
        ("cassandra", 1, 2, 0, 1, 1),  # the tweet that is deleted changed last in this one
        ("redis", 0, 1, 0, 1, 1),
        ("redis", 1, 2, 0, 1, 1),
    ]


def test_a_row_that_a_store_lost_is_named(lake: World) -> None:
    records = lake.log(posted(10, ALICE), posted(11, BOB))
    lake.land(records, NOON + 1)
    archived_up_to(lake.settings, land.ends_of(lake.settings, None))
    lake.serve(TWEETS, records[:1])
    done = lake.compare(TWEETS, NOON + 1)
    assert (done["compared"], done["differing"]) == (3, 1)
    assert str(lake.base + 11) in done["examples"][0]
    assert lake.ledger() == [("cassandra", 0, 2, 1, 2, 1), ("redis", 0, 1, 0, 1, 1)]


@pytest.fixture(scope="module")
def landed(
    kafka_server: Settings,
    redis_server: Settings,
    cassandra_server: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[World, list[Record]]]:
    """A lake with these records, made once for all views."""
    with ExitStack() as opened:
        lake = World(lake_in(tmp_path_factory.mktemp("lake"), kafka_server), opened)
        records = lake.log(posted(10, ALICE), retweeted(12, CAROL, 10), followed(BOB, ALICE))
        lake.land(records, NOON + 2)
        yield lake, records


@pytest.mark.parametrize("view", state_views(), ids=lambda view: view.name)
def test_rows_of_every_view_can_be_asked_for(
    landed: tuple[World, list[Record]], view: StateView
) -> None:
    lake, records = landed
    lake.serve(view, [record for record in records if isinstance(record.event, view.events)])
    done = lake.compare(view, NOON + 2)
    assert done["differing"] == 0
    assert done["served_keys_checked"] == len(
        {c.key for r in records if isinstance(r.event, view.events) for c in view.project(r.event)}
    )


def test_a_row_that_says_something_else_or_stands_though_deleted_is_drift(lake: World) -> None:
    records = lake.log(posted(10, ALICE), deleted(10, ALICE), posted(11, BOB))
    lake.land(records, NOON + 2)
    archived_up_to(lake.settings, land.ends_of(lake.settings, None))
    other = msgspec.structs.replace(records[2].event, text="something else")
    lake.serve(TWEETS, [records[0], records[2]._replace(event=other)])
    done = lake.compare(TWEETS, NOON + 2)
    assert (done["compared"], done["differing"]) == (4, 4)
    for store in ("cassandra", "redis"):
        assert (store, 0, 1, 1, 0, 1) in lake.ledger()  # it stands though deleted
        assert (store, 1, 1, 1, 1, 1) in lake.ledger()


def test_a_store_that_is_ahead_of_the_epochs_compared_is_right(lake: World) -> None:
    records = lake.log(
        retweeted(12, CAROL, 10), posted(13, CAROL), unretweeted(12, CAROL, 10), deleted(13, CAROL)
    )
    lake.land(records, NOON + 1)
    archived_up_to(lake.settings, land.ends_of(lake.settings, None))
    lake.serve(RETWEETS, records)
    lake.serve(USER_TIMELINE, records)
    assert lake.compare(RETWEETS, NOON + 1)["differing"] == 0
    assert lake.compare(USER_TIMELINE, NOON + 1)["differing"] == 0


def test_epochs_are_compared_by_the_next_run_alone(lake: World) -> None:
    records = lake.log(posted(10, ALICE), posted(11, BOB), posted(12, ALICE))
    lake.land(records, NOON + 2)
    lake.serve(TWEETS, records, but_redis=True)
    lake.compare(TWEETS, NOON + 1)
    for _ in range(2):  # a task that is run again changes nothing
        done = lake.compare(TWEETS, NOON + 2)
        assert (done["epochs"], done["served_keys_checked"]) == (1, 1)
    assert lake.ledger() == [("cassandra", 0, 2, 0, 2, 2), ("cassandra", 1, 1, 0, 1, 1)]


def test_of_many_events_a_sample_of_their_actors_is_compared(lake: World) -> None:
    records = lake.log(*(posted(1_000 + n, n) for n in range(400)))
    through = NOON + 400
    lake.land(records, through)
    lake.serve(TWEETS, records, but_redis=True)
    done = lake.compare(TWEETS, through, events=100)
    assert done["sample"] == 0.25
    assert 50 < done["served_keys_checked"] < 150
    assert done["differing"] == 0
