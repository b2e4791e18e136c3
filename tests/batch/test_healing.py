"""A heal is known before it is done, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from batch import silver
from batch.command import BatchFailed
from batch.heal_plan import of_counts, of_rows
from batch.rebuild_ledger import estimate, note
from batch.rollback import rollback
from batch.stores import cassandra
from ingest.topics import topics
from settings import Settings
from tests.batch.publishing import Desk, desk
from tests.lake.filling import archive, archived_up_to, bronze_rows, lake_in
from tests.realtime.playing import moved, world
from tests.views.cast import ALICE, BOB, CAROL, deleted, liked, posted, unliked
from tests.views.records import log_of
from views.contract import Put
from views.seam import COUNTED
from views.tables import TABLES, statement
from views.tweet_counts import TWEET_COUNTS
from views.tweets import TWEETS

pytestmark = pytest.mark.engines

ONE, TWO = 10, 11


@pytest.fixture
def batch(redis_server: Settings, cassandra_server: Settings, tmp_path: Path) -> Iterator[Desk]:
    with desk(redis_server, tmp_path) as made:
        yield made


def test_a_run_is_taken_back_to_what_readers_saw_before_it(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    batch.speed(ONE, epoch=5, likes=2)
    batch.speed(ONE, epoch=7, likes=1)
    before = batch.hot(ONE), batch.hot(TWO), batch.lasts(ONE)
    batch.fold(7, {ONE: (99, 7), TWO: (1, 5)})
    batch.publish(7)
    assert (batch.hot(ONE), batch.hot(TWO)) == (100, 1)
    assert rollback(batch.settings, batch.view) | {"view": ""} == {
        "view": "",
        "through": 5,
        "was": 7,
    }
    assert (batch.hot(ONE), batch.hot(TWO), batch.lasts(ONE)) == before == (6, 1, 3)
    with pytest.raises(BatchFailed, match="nothing to go back to"):
        rollback(batch.settings, batch.view)
    batch.publish(7)
    assert batch.hot(ONE) == 100


def test_no_run_is_taken_back_whose_speed_totals_redis_lost(batch: Desk) -> None:
    for through in (5, 7):
        batch.fold(through, {ONE: (3, 5)})
        batch.publish(through)
    batch.cache.hset(COUNTED, "since", 6)
    with pytest.raises(BatchFailed, match="nothing to go back to"):
        rollback(batch.settings, batch.view)
    assert batch.pointers() == (7, 7)


def test_the_counts_that_a_heal_changes_are_told_before_it(batch: Desk) -> None:
    w = world()
    history = [
        liked(ALICE, ONE), liked(BOB, ONE), liked(BOB, ONE), liked(CAROL, TWO), unliked(ALICE, ONE)
    ]  # fmt: skip
    log = log_of([moved(event, w) for event in history])
    archive(batch.settings, bronze_rows(log))
    through = log[-1].epoch + 1
    for topic in batch.view.topics:
        silver.refine(batch.settings, topic, through)
    counts = {"like_count": 1}
    batch.fold(1, {w + ONE: (7, 1)})
    batch.publish(1)
    batch.speed(w + TWO, epoch=through - 1, likes=1)
    looked, wrong, share, size = of_counts(batch.settings, batch.view, through, 100)
    assert (looked, share) == (2, 1.0)
    assert len(wrong) == 1
    assert f"{w + ONE}: served are" in wrong[0]
    assert str({**dict.fromkeys(TWEET_COUNTS.measures, 0), **counts}) in wrong[0]
    assert size > 0


def test_the_rows_that_a_heal_changes_are_told_before_it(
    redis_server: Settings, cassandra_server: Settings, kafka_server: Settings, tmp_path: Path
) -> None:
    w = world()
    settings = lake_in(tmp_path, kafka_server)
    events = [moved(e, w) for e in (posted(10, ALICE), posted(11, BOB), posted(12, BOB))]
    log = log_of([*events, moved(deleted(12, BOB), w)], partitions=1)
    archive(settings, bronze_rows(log))
    # Others write to this log too, now and later.
    places = ((t.name, n) for t in topics(settings) for n in range(t.partitions))
    archived_up_to(settings, dict.fromkeys(places, 2**40))
    silver.refine(settings, "tweets", log[-1].epoch + 1)
    with cassandra(settings) as store:
        for record in log[:1]:
            for change in TWEETS.project(record.event):
                assert isinstance(change, Put)
                store.all([statement(TABLES["tweets"], change, pos=record.position.offset)])
    looked, wrong, share, size = of_rows(settings, TWEETS, log[-1].epoch + 1, 100)
    assert (looked, share) == (3, 1.0)
    assert [sentence.partition(":")[0] for sentence in wrong] == [str(w + 11)]
    assert size > 0


def test_the_time_is_estimated_by_what_was_measured_last(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    assert estimate(settings, "tweets", 50, "views") is None
    note(settings, "views", 1_000, 10.0)
    assert estimate(settings, "tweets", 50, "views") == 0.5
    note(settings, "tweets", 100, 10.0)
    assert estimate(settings, "tweets", 50, "views") == 5.0
