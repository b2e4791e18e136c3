"""A server of timelines that dies under load, and comes back empty, costs no reader a tweet."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence

import pytest

from engines import processes
from ingest.bulk import BulkProducer
from ingest.events import Event
from settings import Settings
from tests.realtime.playing import home, moved, opened, play, wait, world
from tests.serving.reading_homes import Process
from tests.views.cast import followed, posted

pytestmark = pytest.mark.engines

JOBS = ("fanout", "state")  # what a home hangs on
AUTHORS, READERS = range(1, 6), range(100, 140)
EARLY = READERS[::3]  # who read their homes while the load goes on
TWEETS = range(10_000, 10_600)
SECONDS = 12  # of load: the server is there again after two, the job goes on after some more


def test_a_killed_server_of_timelines_costs_no_reader_a_tweet(speed_layer: Settings) -> None:
    w = world()
    opened(speed_layer, *(reader + w for reader in READERS))
    edges = [followed(reader, author) for reader in READERS for author in AUTHORS]
    play(speed_layer, [moved(event, w) for event in edges], JOBS)
    said = [moved(posted(id, 1 + id % len(AUTHORS)), w) for id in TWEETS]
    wanted = [tweet.id for tweet in reversed(said)]

    process = Process(speed_layer)
    load = threading.Thread(target=say, args=(speed_layer, said))
    load.start()
    while load.is_alive():
        for reader in EARLY:
            found = process.homes.standing(reader + w, own=False).all()
            assert set(found) <= set(wanted)
    wait(speed_layer, JOBS)

    absent = [reader for reader in READERS if not home(speed_layer, reader + w)]
    assert absent, "no timeline was lost"
    for reader in READERS:
        standing = process.homes.standing(reader + w, own=False, exact=True)
        assert standing.all() == wanted
        assert home(speed_layer, reader + w) == wanted
    process.cassandra.close()


def say(settings: Settings, tweets: Sequence[Event]) -> None:
    """The server of the first half of the timelines is killed when a third is said."""
    with BulkProducer(settings) as producer:
        for number, tweet in enumerate(tweets):
            if number == len(tweets) // 3:
                (server,) = processes.marked(settings.state_dir, "timelines")
                os.kill(server.pid, signal.SIGKILL)
            producer.append(tweet)
            time.sleep(SECONDS / len(tweets))
