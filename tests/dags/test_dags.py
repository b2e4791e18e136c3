"""Do the DAGs run the right commands, in the right order, and say what they are for?"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from engines.airflow_client import HOURLY
from engines.environments import REPOSITORY
from tests.dags.conftest import InAirflow
from views.registry import SNAPSHOTS, VIEWS, fold_views

CHAIN = ["land", "silver", "quality", "fold", "drift", "publish", "compare"]


@pytest.fixture(scope="session")
def described(in_airflow: InAirflow) -> dict[str, Any]:
    return json.loads(in_airflow("describe.py", REPOSITORY / "dags"))


@pytest.fixture(scope="session")
def dags(described: dict[str, Any]) -> dict[str, Any]:
    return described["dags"]


@pytest.fixture(scope="session")
def tasks(dags: dict[str, Any]) -> dict[str, Any]:
    return {f"{dag}.{name}": t for dag, d in dags.items() for name, t in d["tasks"].items()}


def test_every_dag_is_imported_without_an_error(described: dict[str, Any]) -> None:
    assert described["errors"] == {}
    assert set(described["dags"]) == {
        *HOURLY,
        "hourly_features",
        "upkeep",
        "backfill",
        "rebuild",
        "classify",
        "plan",
        "base_timelines",
        "tag_baselines",
        "who_to_follow",
        "reindex",
        "archive_index",
        "train_moderation",
        "rescan",
    }


def test_the_hourly_tasks_stand_in_one_line(dags: dict[str, Any]) -> None:
    assert [task for dag in HOURLY for task in dags[dag]["tasks"]] == CHAIN
    for dag in HOURLY:
        names = list(dags[dag]["tasks"])
        followers = [dags[dag]["tasks"][name]["downstream"] for name in names]
        assert followers == [*([name] for name in names[1:]), []]


def test_each_hourly_dag_listens_to_what_the_last_task_of_the_one_before_completes(
    dags: dict[str, Any],
) -> None:
    for earlier, later in itertools.pairwise(HOURLY):
        *others, last = dags[earlier]["tasks"].values()
        assert last["outlets"] == dags[later]["listens_to"] != []
        assert all(task["outlets"] == [] for task in others)


def test_a_failed_audit_causes_nothing_because_only_the_audit_completes_silver(
    dags: dict[str, Any], tasks: dict[str, Any]
) -> None:
    assert [name for name, task in tasks.items() if "silver" in task["outlets"]] == [
        "hourly_audit.quality"
    ]
    assert dags["hourly_publish"]["listens_to"] == ["silver"]


def test_features_are_made_of_what_is_audited_and_published_after_an_audit_of_their_own(
    dags: dict[str, Any],
) -> None:
    made = dags["hourly_features"]
    modules = [task["module"] for task in made["tasks"].values()]
    assert made["listens_to"] == ["served"]
    assert modules == [
        *("batch.features", "batch.feature_quality", "batch.feature_drift", "batch.feature_tiles")
    ]
    tasks = made["tasks"].values()
    assert [task["outlets"] for task in tasks] == [[], [], [], ["features"]]
    assert [task["downstream"] for task in tasks] == [["audit"], ["drift"], ["publish"], []]


def test_the_audit_says_where_its_data_docs_are(dags: dict[str, Any]) -> None:
    assert "quality/index.html)" in dags["hourly_audit"]["doc"]


def test_every_task_after_land_works_on_the_epoch_of_its_run(tasks: dict[str, Any]) -> None:
    for name, task in tasks.items():
        if name.startswith(("hourly_audit", "hourly_publish", "hourly_features")):
            assert task["arguments"] == ["--through", "{{ through(dag_run) }}"]


def test_commands_that_run_spark_or_write_silver_never_run_at_once(tasks: dict[str, Any]) -> None:
    for task in tasks.values():
        writes_silver = task["module"] in ("batch.generations", "batch.tag_baselines")
        heavy = task["environment"] == "batch" or writes_silver
        assert (task["pool"] == "spark") == heavy


def test_every_task_is_tried_again_and_cannot_hang(tasks: dict[str, Any]) -> None:
    for name, task in tasks.items():
        assert task["retries"] >= 2, name
        assert task["timeout_s"] <= 2 * 3600, name


def test_whatever_fails_or_is_late_tells_somebody(
    dags: dict[str, Any], tasks: dict[str, Any]
) -> None:
    assert [name for name, task in tasks.items() if not task["alarms"]] == []
    for name, dag in dags.items():
        (deadline,) = dag["deadlines_s"]
        assert 600 < deadline < 5 * 3600, name
        assert name not in HOURLY or deadline < 3600


def test_runs_of_a_dag_never_overlap(dags: dict[str, Any]) -> None:
    assert {dag["max_active_runs"] for dag in dags.values()} == {1}


def test_every_dag_and_task_says_what_it_is_for(
    dags: dict[str, Any], tasks: dict[str, Any]
) -> None:
    for name, described in (dags | tasks).items():
        assert len(described["doc"].split()) > 5, name
    assert all(dag["tags"] for dag in dags.values())
    assert {task["owner"] for task in tasks.values()} == {"starling"}


def test_any_count_can_be_backfilled_up_to_any_epoch(dags: dict[str, Any]) -> None:
    params = dags["backfill"]["params"]
    assert params["view"]["enum"] == [view.name for view in fold_views()]
    assert params["through"]["type"] == ["null", "integer"]
    commands = [t for t in dags["backfill"]["tasks"].values() if t["module"]]
    assert [c["module"] for c in commands] == ["batch.fold", "batch.publish", "batch.compare"]
    assert all("--view" in c["arguments"] and "--through" in c["arguments"] for c in commands)


def test_what_is_decided_a_generation_at_a_time_can_be_rolled_back(dags: dict[str, Any]) -> None:
    assert {dags[dag]["tasks"]["decide"]["arguments"][0] for dag in ("classify", "plan")} == {
        view.name for view in SNAPSHOTS
    }
    for dag in ("classify", "plan"):
        assert dags[dag]["params"]["rollback"]["type"] == "boolean"
        assert "rollback" in dags[dag]["tasks"]["decide"]["arguments"][1]


def test_any_registered_view_can_be_rebuilt(dags: dict[str, Any]) -> None:
    assert dags["rebuild"]["params"]["view"]["enum"] == [view.name for view in VIEWS]
    assert dags["rebuild"]["tasks"]["rebuild"]["arguments"] == ["{{ params.view }}"]
