"""A job counts as healthy when all of its tasks run, and the status says so when one does not."""

from __future__ import annotations

import doctest

import pytest

from engines import control, status
from engines.status import PartStatus
from realtime import cluster as cluster_module
from realtime.cluster import Cluster, JobMissing
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import JOBS
from tests.realtime.submitting import submit


def test_the_examples_in_docstrings_are_true() -> None:
    outcome = doctest.testmod(cluster_module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.engines
def test_a_submitted_job_runs_when_its_submission_returns(speed_layer: Settings) -> None:
    with Cluster(speed_layer.flink_url) as cluster:
        cluster.cancel("folds")
        submit(speed_layer, "folds")
        cluster.require_running(JOBS)


@pytest.mark.engines
def test_the_status_names_a_job_that_is_gone_until_up_brings_it_back(speed_layer: Settings) -> None:
    with Cluster(speed_layer.flink_url) as cluster:
        cluster.cancel("state")
        with pytest.raises(JobMissing):
            cluster.require_running(JOBS)
        # The status may still say what it saw while the test before had a job cancelled.
        until(lambda: "no job 'state' on the cluster" in flink_jobs(speed_layer).why, 60)
        assert flink_jobs(speed_layer).state == "unhealthy"
        assert control.up(speed_layer).healthy
        cluster.require_running(JOBS)
        assert flink_jobs(speed_layer).why == ""


def flink_jobs(settings: Settings) -> PartStatus:
    current = status.read(settings.state_dir)
    assert current
    return current.parts["flink_jobs"]
