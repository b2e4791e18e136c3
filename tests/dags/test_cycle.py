"""Does the real Airflow take an epoch from the log to the readers, even when a task is killed?"""

from __future__ import annotations

import itertools

import pytest

from engines import processes
from engines.airflow_client import AirflowClient
from settings import Settings
from tests.dags.test_dags import CHAIN


@pytest.mark.e2e
def test_a_cycle_lands_audits_publishes_and_compares_though_a_task_is_killed(
    platform: Settings,
) -> None:
    seen: list[str] = []

    def watch(change: str) -> None:
        if change == "hourly_publish.fold running" and change not in seen:
            kill(platform, "batch.fold")
        seen.append(change)

    with AirflowClient(platform) as client:
        results = client.cycle(watch)
    assert list(results) == CHAIN
    assert {result["through"] for result in results.values()} == {results["land"]["through"]}
    assert "hourly_publish.fold up_for_retry" in seen


def kill(settings: Settings, module: str) -> None:
    """Ends a task's command the hard way, as a machine short of memory would."""
    for process in processes.marked(settings.state_dir):
        if f"-m {module}" in " ".join(process.cmdline()):
            process.kill()


@pytest.mark.e2e
def test_the_asset_graph_of_the_user_interface_shows_the_chain(platform: Settings) -> None:
    with AirflowClient(platform) as client:
        graph = client.http.get(f"{platform.airflow_url}/ui/dependencies").raise_for_status().json()
    names = {node["id"]: node["label"] for node in graph["nodes"]}
    edges = {(names[edge["source_id"]], names[edge["target_id"]]) for edge in graph["edges"]}
    chain = ["hourly_land", "bronze", "hourly_audit", "silver", "hourly_publish", "served"]
    assert edges >= set(itertools.pairwise(chain))
