"""A job counts as healthy when all of its tasks run; one that is gone is named and comes back."""

from __future__ import annotations

import doctest
import time

import pytest
import redis

from engines import control, status
from engines.status import PartStatus
from ingest.bulk import append_all
from realtime import cluster as cluster_module
from realtime.cluster import Cluster, JobMissing
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import JOBS, counts, moved, play, wait, world
from tests.realtime.submitting import submit
from tests.realtime.test_restart import checkpointed
from tests.views.cast import liked, unliked
from views.tweet_counts import TWEET_COUNTS


def test_the_examples_in_docstrings_are_true() -> None:
    outcome = doctest.testmod(cluster_module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.engines
@pytest.mark.long
def test_a_job_that_is_gone_is_named_until_up_has_it_go_on_from_its_last_checkpoint(
    speed_layer: Settings,
) -> None:
    w = world()
    play(speed_layer, [moved(event, w) for event in (liked(1, 10), liked(2, 10))])
    with Cluster(speed_layer.flink_url) as cluster:
        since = time.time() * 1000
        until(lambda: checkpointed(cluster, "folds", since), 60)
        cluster.cancel("folds")
        with pytest.raises(JobMissing):
            cluster.require_running(JOBS)
        # Only a job that remembers the likes from before can take one back.
        append_all(speed_layer, [moved(unliked(1, 10), w)])
        # The status may still say what it saw before.
        until(lambda: "no job 'folds' on the cluster" in flink_jobs(speed_layer).why, 60)
        assert flink_jobs(speed_layer).state == "unhealthy"
        assert control.up(speed_layer).healthy
        cluster.require_running(JOBS)
        assert cluster.went_on_from("folds") is not None
        assert flink_jobs(speed_layer).why == ""
    wait(speed_layer, ["folds"])
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        assert counts(client, TWEET_COUNTS, 10 + w) == {"like_count": 1}


@pytest.mark.engines
def test_what_runs_already_is_left_alone(speed_layer: Settings) -> None:
    with Cluster(speed_layer.flink_url) as cluster:
        before = cluster.jobs()
        assert submit(speed_layer) == ""
        assert cluster.jobs() == before


def flink_jobs(settings: Settings) -> PartStatus:
    current = status.read(settings.state_dir)
    assert current
    return current.parts["flink_jobs"]
