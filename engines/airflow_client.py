"""How does `./starling` ask Airflow for a run and learn how it went?"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from engines.airflow import USER, Airflow
from settings import Settings

RUN_SECONDS = 1800.0  # a run that takes longer on a development machine hangs
POLL_SECONDS = 1.0
PATIENCE = httpx.Timeout(120, connect=10)  # of one call; a busy machine starts slowly
HOURLY = ("hourly_land", "hourly_audit", "hourly_publish")  # each causes the next

Progress = Callable[[str], None]  # told "hourly_publish.fold success" at each change of a task


class RunFailed(RuntimeError):
    """A run failed; the message names the task and what it raised."""


class RunTimedOut(TimeoutError):
    """A run did not end, or what should follow it did not begin, in time."""


@dataclass(frozen=True)
class Run:
    dag: str
    id: str

    @property
    def path(self) -> str:
        return f"/dags/{self.dag}/dagRuns/{self.id}"


def silent(_: str) -> None:
    """Tells nobody."""


class AirflowClient:
    """Airflow's REST API, with the platform's own password.

    >>> with AirflowClient(settings) as client:
    ...     client.cycle(print)["compare"]  # lands, audits, publishes and compares now
    """

    def __init__(self, settings: Settings) -> None:
        password = json.loads(Airflow(settings).passwords.read_text())[USER]
        login = {"username": USER, "password": password}
        answer = httpx.post(f"{settings.airflow_url}/auth/token", json=login, timeout=PATIENCE)
        token = answer.raise_for_status().json()["access_token"]
        self.http = httpx.Client(
            base_url=f"{settings.airflow_url}/api/v2",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )

    def __enter__(self) -> AirflowClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def cycle(self, progress: Progress = silent, seconds: float = RUN_SECONDS) -> dict[str, Any]:
        """Closes an epoch and follows it through the whole hourly chain.

        Returns the result of each task by its name, `{"land": {"through": 5984709, ...}, ...}`.
        Raises `RunFailed`, `RunTimedOut`.
        """
        deadline = time.monotonic() + seconds
        run = self.trigger(HOURLY[0])
        results: dict[str, Any] = {}
        for following in (*HOURLY[1:], None):
            self.wait(run, progress, deadline - time.monotonic())
            results |= self.results(run)
            if following:
                through = str(results["land"]["through"])
                run = self._follower(following, through, run, deadline)
        return results

    def trigger(
        self, dag: str, partition: str | None = None, seconds: float = 60, **parameters: Any
    ) -> Run:
        """Starts a run now. Waits for a DAG that has not been parsed yet, up to `seconds`.

        Raises `httpx.HTTPStatusError`: 404 for an unknown DAG, 400 for a parameter it refuses.
        """
        body = {"logical_date": None, "conf": parameters, "partition_key": partition}
        deadline = time.monotonic() + seconds
        while True:
            answer = self.http.post(f"/dags/{dag}/dagRuns", json=body)
            if answer.status_code != 404 or time.monotonic() > deadline:
                return Run(dag, answer.raise_for_status().json()["dag_run_id"])
            time.sleep(POLL_SECONDS)

    def wait(self, run: Run, progress: Progress = silent, seconds: float = RUN_SECONDS) -> None:
        """Returns when the run has succeeded. Raises `RunFailed`, `RunTimedOut`."""
        deadline = time.monotonic() + seconds
        told: dict[str, str] = {}
        while True:
            state = self._get(run.path)["state"]
            for task in self._tasks(run):
                if task["state"] and told.get(task["task_id"]) != task["state"]:
                    told[task["task_id"]] = task["state"]
                    progress(f"{run.dag}.{task['task_id']} {task['state']}")
            if state == "success":
                return
            if state == "failed":
                raise RunFailed(self._why(run))
            if time.monotonic() > deadline:
                raise RunTimedOut(f"{run.dag} is still {state} after {seconds:.0f} s ({told})")
            time.sleep(POLL_SECONDS)

    def results(self, run: Run) -> dict[str, Any]:
        """What each task of the run returned, by the task's name."""
        found = {}
        for task in self._tasks(run):
            path = f"{run.path}/taskInstances/{task['task_id']}/xcomEntries/return_value"
            answer = self.http.get(path)
            if answer.status_code != 404:
                found[task["task_id"]] = answer.raise_for_status().json()["value"]
        return found

    def _follower(self, dag: str, partition: str, run: Run, deadline: float) -> Run:
        """The run of `dag` that the events of `run` cause. Waits until it is there.

        It is found by its partition: `/assets/events` names it too, but answers 500 (Airflow 3.3.2)
        as long as that run is queued and has no start yet.
        """
        query = {"run_after_gte": self._get(run.path)["start_date"], "order_by": "-run_after"}
        while True:
            for found in self._get(f"/dags/{dag}/dagRuns", **query)["dag_runs"]:
                if found["partition_key"] == partition:
                    return Run(dag, found["dag_run_id"])
            if time.monotonic() > deadline:
                raise RunTimedOut(f"{dag} did not follow {run.dag}: is it paused?")
            time.sleep(POLL_SECONDS)

    def _tasks(self, run: Run) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = self._get(f"{run.path}/taskInstances")["task_instances"]
        return sorted(tasks, key=lambda t: t["start_date"] or "~")

    def _why(self, run: Run) -> str:
        failed = next((t for t in self._tasks(run) if t["state"] == "failed"), None)
        if failed is None:
            return f"{run.dag} failed before a task began"
        path = f"{run.path}/taskInstances/{failed['task_id']}/logs/{failed['try_number']}"
        lines = self._get(path, full_content=True)["content"]
        raised = [e["exc_value"] for line in lines for e in line.get("error_detail") or ()]
        return f"{run.dag}.{failed['task_id']}: {raised[-1] if raised else 'see its log'}"

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.http.get(path, params=query, headers={"Accept": "application/json"})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found
