"""A TaskManager that is killed loses nothing and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pytest
import redis

from engines import processes
from ingest.bulk import BulkProducer
from ingest.events import Event
from realtime.cluster import Cluster
from settings import Settings
from tests.engines.waiting import until
from tests.laws.histories import recount
from tests.realtime.playing import JOBS, counts, home, moved, opened, play, wait, world
from tests.views.cast import deleted, followed, liked, posted, unliked
from tests.views.records import log_of
from views import rows
from views.registry import fold_views

pytestmark = pytest.mark.engines

AUTHORS, READERS = range(1, 11), range(100, 200)
SECONDS = 12  # of load; the TaskManager dies in the middle of it


def test_a_killed_taskmanager_loses_and_doubles_nothing(speed_layer: Settings) -> None:
    w, chance = world(), random.Random(3)
    opened(speed_layer, *(reader + w for reader in READERS))
    edges = [followed(reader, author) for reader in READERS for author in AUTHORS]
    play(speed_layer, [moved(event, w) for event in edges])
    with Cluster(speed_layer.flink_url) as cluster:
        until(lambda: all(checkpointed(cluster, job) for job in JOBS), 60)
    events = activity(chance, 6_000)
    halfway = threading.Event()
    load = threading.Thread(target=append_slowly, args=(speed_layer, events, w, halfway))
    load.start()
    assert halfway.wait(4 * SECONDS)
    os.kill(taskmanager(speed_layer), signal.SIGKILL)
    load.join()
    wait(speed_layer)

    log = log_of([*edges, *events], partitions=1)
    tweets = {e.id for e in events if type(e).__name__ == "TweetPosted"}
    gone = {e.id for e in events if type(e).__name__ == "TweetDeleted"}
    newest = sorted(tweets, reverse=True)[: speed_layer.timeline_cap]
    expected = recount(log)
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        for reader in READERS:
            assert [id - w for id in home(speed_layer, reader + w)] == newest
        for view in fold_views():
            for key in {*tweets, *AUTHORS, *READERS}:
                wanted = {
                    measure: total
                    for measure in view.measures
                    if (total := expected.get((view.name, key, measure)))
                }
                assert counts(client, view, key + w) == wanted, (view.name, key)
        for id in tweets:
            _, row = rows.unpack_row(client.get(rows.tweet_key(id + w)))
            assert (row is None) is (id in gone)


def activity(chance: random.Random, number: int) -> list[Event]:
    events: list[Event] = []
    for id in range(10_000, 10_000 + number // 4):
        tweet = posted(id, chance.choice(AUTHORS))
        recent = chance.randrange(max(10_000, id - 20), id + 1)
        events += [tweet, liked(chance.choice(READERS), recent), liked(chance.choice(READERS), id)]
        events.append(
            unliked(chance.choice(READERS), recent)
            if chance.random() < 0.7
            else deleted(id, tweet.author_id)
        )
    return events


def append_slowly(
    settings: Settings, events: list[Event], w: int, halfway: threading.Event
) -> None:
    with BulkProducer(settings) as producer:
        began = time.monotonic()
        for number, event in enumerate(events):
            producer.append(moved(event, w))
            if number == len(events) // 2:
                halfway.set()
            due = began + SECONDS * number / len(events)
            if (early := due - time.monotonic()) > 0:
                time.sleep(early)


def checkpointed(cluster: Cluster, job: str, since_ms: float = 0) -> bool:
    last = cluster.last_checkpoint(job)
    return last is not None and last["trigger_timestamp"] > since_ms


def taskmanager(settings: Settings) -> int:
    (found,) = (
        process.pid
        for process in processes.marked(settings.state_dir)
        if any("TaskManagerRunner" in part for part in process.cmdline())
    )
    return found
