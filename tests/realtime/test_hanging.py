"""A timeline server that takes connections and answers nothing costs no reader a tweet."""

from __future__ import annotations

import time

import pytest

from ingest.bulk import append_all
from realtime.cluster import Cluster
from settings import Settings
from tests.engines.waiting import until
from tests.frozen import frozen
from tests.realtime.playing import home, moved, opened, play, wait, world
from tests.views.cast import ALICE, followed, posted

pytestmark = pytest.mark.engines

READERS = range(100, 120)  # of both servers


def test_the_job_fails_in_time_goes_on_from_its_checkpoint_and_delivers_everything(
    speed_layer: Settings,
) -> None:
    w, (*_, (_, port)) = world(), speed_layer.timeline_addresses
    opened(speed_layer, *(reader + w for reader in READERS))
    before = [*(followed(reader, ALICE) for reader in READERS), posted(10, ALICE)]
    play(speed_layer, [moved(event, w) for event in before], ["fanout"])
    with Cluster(speed_layer.flink_url) as cluster:
        known = len(cluster.failures("fanout"))
        until(lambda: cluster.last_checkpoint("fanout") is not None, 60)
        with frozen(port):
            froze_ms = time.time() * 1000
            append_all(speed_layer, [moved(posted(id, ALICE), w) for id in range(11, 16)])
            until(lambda: len(cluster.failures("fanout")) > known, 60, "the job waits for ever")
            assert "TimeoutError" in cluster.failures("fanout")[0]
        wait(speed_layer, ["fanout"])
        restored = cluster.went_on_from("fanout")
    assert restored is not None
    assert restored["restore_timestamp"] > froze_ms
    for reader in READERS:
        assert home(speed_layer, reader + w) == [id + w for id in range(15, 9, -1)]
