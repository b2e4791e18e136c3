"""What is answered online is what the lake says of that moment, through the real engines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
import redis

from batch import feature_tiles, land, silver
from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.catalogue import connect
from lake.parity import parity
from lake.served_features import ServedLog
from serving.features import Answer, features_of
from settings import Settings
from tests.batch.environment import run
from tests.engines.waiting import until
from tests.ingest.archiving import archiver, lake_of_its_own
from tests.realtime.playing import moved, play, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    followed,
    liked,
    posted,
    retweeted,
    unfollowed,
    unliked,
)
from views.features.history import history_sql
from views.features.tables import FEATURE_TABLES
from views.features.windows import Clock

pytestmark = [pytest.mark.engines, pytest.mark.long]

FIRST = [
    posted(10, ALICE),
    posted(11, BOB, reply_to_id=10, reply_to_user_id=ALICE),
    liked(BOB, 10, ALICE),
    liked(BOB, 10, ALICE),
    followed(BOB, ALICE),
    followed(CAROL, ALICE),
]
THEN = [
    liked(CAROL, 10, ALICE),
    unliked(BOB, 10),
    retweeted(20, BOB, 10, ALICE),
    unfollowed(CAROL, ALICE),
    posted(12, CAROL, quote_of_id=10),
]
USERS, TWEETS = (ALICE, BOB, CAROL), (10, 11)
PAIRS = ((BOB, ALICE), (CAROL, ALICE), (ALICE, BOB))


@dataclass
class Desk:
    """A lake of its own over the shared log, and the people of a world of their own."""

    settings: Settings
    client: redis.Redis
    world: int

    def land(self) -> int:
        """Brings silver as far as the log is over; returns that epoch."""
        through = land.closed_epoch(time.time_ns() // 1_000_000, self.settings.epoch_ms)
        land.land(self.settings, through, timeout_s=60)
        for topic in EVENT_TOPICS:
            silver.refine(self.settings, topic, through)
        return through

    def make(self, through: int) -> None:
        done = run(self.settings, "-m", "batch.features", "--through", str(through))
        assert done.code == 0, done.said

    def act(self, events: list) -> None:
        """Returns when what they did is known."""
        play(self.settings, [moved(event, self.world) for event in events], ["folds"])
        clock = Clock.of(self.settings.epoch_seconds, self.settings.feature_delay_seconds)
        counted = time.time_ns() // 1_000_000
        known = clock.known_from_ms(counted // clock.epoch_ms + 1)
        until(lambda: time.time() * 1_000 >= known, 60)

    def ask(self, name: str, entities: list[tuple[int, ...]]) -> Answer:
        raised = [tuple(id + self.world for id in ids) for ids in entities]
        return features_of(self.settings, self.client, name, raised)

    def ask_all(self) -> list[Answer]:
        return [
            self.ask("users", [(id,) for id in USERS]),
            self.ask("tweets", [(id,) for id in TWEETS]),
            self.ask("pairs", list(PAIRS)),
        ]


@pytest.fixture(scope="module")
def desk(speed_layer: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("features")
    own = lake_of_its_own(speed_layer, folder)
    settings = own.model_copy(update={"features_served_share": 1.0})
    tables.create(settings)
    with (
        archiver(settings, folder / "archiver.log"),
        closing(redis.Redis.from_url(settings.redis_url)) as client,
    ):
        feature_tiles.forget(client)
        yield Desk(settings, client, world())


def test_what_is_answered_online_is_what_the_lake_says_of_that_moment(desk: Desk) -> None:
    desk.act(FIRST)
    early = desk.land()
    desk.make(early)
    feature_tiles.publish(desk.settings, early)
    by_batch = desk.ask_all()
    desk.act(THEN)
    by_both = desk.ask_all()
    with ServedLog(desk.settings) as log:
        for answer in (*by_batch, *by_both):
            for ids, values in answer.values.items():
                assert values is not None
                assert answer.pointer is not None
                name, at_ms, through = answer.table.name, answer.at_ms, answer.through
                log.note(name, ids, values, at_ms, through, answer.pointer)

    alice, bob = ((id + desk.world,) for id in (ALICE, BOB))
    users = by_both[0].values
    assert users[alice]["user_likes_received_1h"] == 2
    assert users[alice]["user_follows_gained_30d"] == 2
    assert users[alice]["user_follows_lost_1d"] == 1
    assert users[bob]["user_active_days_7d"] in (1, 2)  # midnight may have come meanwhile
    follows = {ids: found["pair_follows"] for ids, found in by_both[2].values.items()}
    assert list(follows.values()) == [1, 0, 0]
    assert [found["pair_follows"] for found in by_batch[2].values.values()] == [1, 1, 0]

    late = desk.land()
    assert late >= max(answer.through for answer in by_both)
    desk.make(late)
    for name, found in parity(desk.settings).items():
        asked = sum(len(a.values) for a in (*by_batch, *by_both) if a.table.name == name)
        assert (found.compared, found.differing, found.waiting) == (asked, 0, 0), found
    assert run(desk.settings, "-m", "batch.feature_quality", "--through", str(late)).code == 0
    assert feature_tiles.publish(desk.settings, late)["through"] >= late
    assert [a.values for a in desk.ask_all()] == [a.values for a in by_both]
    rows_are_those_of_one_run(desk)


def rows_are_those_of_one_run(desk: Desk) -> None:
    """Spark made them in two runs; DuckDB makes them at once, of what both folded."""
    clock = Clock.of(desk.settings.epoch_seconds, desk.settings.feature_delay_seconds)
    with connect(desk.settings) as lake:
        for table in FEATURE_TABLES:
            activity = f"SELECT * FROM gold.{table.view.name}_by_epoch"
            lake.execute(f"CREATE OR REPLACE VIEW activity AS {activity}")
            columns = ", ".join((*table.entity, "through", *table.names))
            made = f"SELECT {columns} FROM gold.features_{table.name}"
            last = lake.execute(f"SELECT max(through) FROM ({made})").fetchone()[0]
            anew = f"SELECT {columns} FROM ({history_sql(table, clock)}) WHERE through <= {last}"
            assert lake.execute(f"({made}) EXCEPT ALL ({anew})").fetchall() == []
            assert lake.execute(f"({anew}) EXCEPT ALL ({made})").fetchall() == []
            assert lake.execute(f"SELECT count(*) FROM ({made})").fetchone()[0] > 0
