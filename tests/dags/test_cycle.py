"""Does the real Airflow take an epoch from the log to the readers, even when a task is killed?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import psutil
import pytest

from cli import alarms
from engines import processes
from engines.airflow_client import AirflowClient, RunFailed
from settings import Settings
from tests.dags.test_dags import CHAIN
from tests.engines.waiting import until

pytestmark = pytest.mark.e2e


KILLED = {  # `land` writes nothing
    "hourly_audit.silver": "batch.silver",
    "hourly_audit.quality": "batch.quality",
    "hourly_publish.fold": "batch.fold",
    "hourly_publish.drift": "batch.drift_gate",
    "hourly_publish.publish": "batch.publish",
    "hourly_publish.compare": "batch.compare",
}


class Cycle(NamedTuple):
    """What each task of a whole cycle returned, and what was told while it ran."""

    results: dict[str, Any]
    told: list[str]


@pytest.fixture(scope="module")
def airflow(platform: Settings) -> Iterator[AirflowClient]:
    with AirflowClient(platform) as client:
        yield client


@pytest.fixture(scope="module")
def cycle(platform: Settings, airflow: AirflowClient) -> Cycle:
    return run_cycle(platform, airflow, {"hourly_audit.silver"})


def run_cycle(settings: Settings, airflow: AirflowClient, killed: set[str]) -> Cycle:
    """A cycle in which each of these tasks is killed once."""
    told: list[str] = []

    def watch(change: str) -> None:
        task, _, state = change.rpartition(" ")
        if state == "running" and task in killed and change not in told:
            kill(settings, KILLED[task])
        told.append(change)

    found = Cycle(airflow.cycle(watch), told)
    through = found.results["land"]["through"]
    assert list(found.results) == CHAIN
    assert {result["through"] for result in found.results.values()} == {through}
    assert {f"{task} up_for_retry" for task in killed} <= set(told)
    return found


def test_a_cycle_lands_audits_publishes_and_compares_though_a_task_is_killed(cycle: Cycle) -> None:
    assert "hourly_audit.silver success" in cycle.told


@pytest.mark.long
def test_any_task_of_a_cycle_can_be_killed(platform: Settings, airflow: AirflowClient) -> None:
    assert run_cycle(platform, airflow, set(KILLED)).results


@pytest.mark.long
def test_what_a_person_starts_for_one_view_and_the_upkeep_of_the_lake_succeed(
    cycle: Cycle, airflow: AirflowClient
) -> None:
    runs = [
        airflow.trigger("backfill", view="user_counts"),
        airflow.trigger("upkeep"),
        airflow.trigger("classify"),
        airflow.trigger("plan"),
        airflow.trigger("base_timelines"),
    ]
    for run in runs:
        airflow.wait(run)
    backfill, upkeep, classify, plan, base_timelines = map(airflow.results, runs)
    assert backfill["choose"] >= cycle.results["land"]["through"]
    assert list(backfill["compare"]["views"]) == ["user_counts"]
    assert "silver/tweets" in upkeep["upkeep"]["tables"]
    assert classify["decide"]["generation"] >= 1
    assert plan["decide"]["generation"] >= 1
    assert base_timelines["write"]["readers"] >= 0


def test_a_task_that_fails_for_good_is_an_alarm(
    platform: Settings, cycle: Cycle, airflow: AirflowClient
) -> None:
    run = airflow.trigger("hourly_audit")  # without a partition: nobody says up to where
    with pytest.raises(RunFailed, match="no partition"):
        airflow.wait(run)
    found: list[dict[str, Any]] = []

    def told() -> bool:
        found[:] = [a for a in alarms.lately(platform) if a["run_id"] == run.id]
        return bool(found)

    until(told, 60, why="no alarm")
    assert [(a["dag"], a["task"], a["alarm"]) for a in found] == [
        ("hourly_audit", "silver", "failed")
    ]
    assert "no partition" in found[0]["reason"]


def test_the_asset_graph_of_the_user_interface_shows_the_chain(
    platform: Settings, airflow: AirflowClient
) -> None:
    graph = airflow.http.get(f"{platform.airflow_url}/ui/dependencies").raise_for_status().json()
    names = {node["id"]: node["label"] for node in graph["nodes"]}
    edges = {(names[edge["source_id"]], names[edge["target_id"]]) for edge in graph["edges"]}
    chain = ["hourly_land", "bronze", "hourly_audit", "silver", "hourly_publish", "served"]
    assert edges >= set(itertools.pairwise(chain))


def kill(settings: Settings, module: str) -> None:
    """Ends a task's command the hard way, once it runs, as a machine short of memory would."""

    def killed() -> bool:
        found = [p for p in processes.marked(settings.state_dir) if runs(p, module)]
        for process in found:
            process.kill()
        return bool(found)

    until(killed, 60, why=f"nobody runs {module}")


def runs(process: psutil.Process, module: str) -> bool:
    try:
        return f"-m {module}" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
