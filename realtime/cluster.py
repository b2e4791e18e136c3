"""What runs on the session cluster, and how is it doing? Asks Flink's REST API."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import httpx
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

ENDED = frozenset({"CANCELED", "FAILED", "FINISHED"})


class JobMissing(LookupError):
    """No job of this name is on the cluster."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no job {name!r} on the cluster")
        self.name = name


class Cluster:
    """A Flink session cluster. Raises `httpx.HTTPError` where it does not answer."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def jobs(self) -> dict[str, str]:
        """The ids of jobs that have not ended, by name. Restarting ones count."""
        found = self._get("/jobs/overview")["jobs"]
        return {job["name"]: job["jid"] for job in found if job["state"] not in ENDED}

    def job(self, name: str) -> str:
        """The id of the job of this name. Raises `JobMissing`."""
        try:
            return self.jobs()[name]
        except KeyError:
            raise JobMissing(name) from None

    def running(self, name: str) -> bool:
        """Whether every task of the job runs."""
        tasks = self._get(f"/jobs/{self.job(name)}")["vertices"]
        return all(task["status"] == "RUNNING" for task in tasks)

    def failures(self, name: str) -> list[str]:
        """Why the job had to restart, newest first."""
        history = self._get(f"/jobs/{self.job(name)}/exceptions")["exceptionHistory"]
        return [entry["stacktrace"] for entry in history["entries"]]

    def cancel(self, name: str) -> None:
        """Ends the job and waits until it has; its checkpoints stay. No job: nothing to do."""
        if id := self.jobs().get(name):
            self._http.patch(f"/jobs/{id}", params={"mode": "cancel"}).raise_for_status()
            self._wait_until_ended(id)

    @retry(
        retry=retry_if_result(lambda ended: not ended),
        stop=stop_after_delay(60),
        wait=wait_fixed(0.2),
    )
    def _wait_until_ended(self, id: str) -> bool:
        return self._get(f"/jobs/{id}")["state"] in ENDED

    def counter(self, name: str, metric: str) -> int:
        """The sum of a counter of ours over all operators of a job, since its last restart."""
        id = self.job(name)
        total = 0
        for vertex in self._get(f"/jobs/{id}")["vertices"]:
            path = f"/jobs/{id}/vertices/{vertex['id']}/subtasks/metrics"
            ids = [m["id"] for m in self._get(path) if m["id"].rsplit(".", 1)[-1] == metric]
            if ids:
                found = self._get(path, get=",".join(ids), agg="sum")
                total += int(sum(m["sum"] for m in found))
        return total

    def last_checkpoint(self, name: str) -> dict[str, Any] | None:
        """The newest completed checkpoint: `id`, `latest_ack_timestamp`, `state_size` and more."""
        return self._get(f"/jobs/{self.job(name)}/checkpoints")["latest"]["completed"]

    def _get(self, path: str, **params: str) -> Any:
        return self._http.get(path, params=params).raise_for_status().json()
