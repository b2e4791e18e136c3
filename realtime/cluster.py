"""What runs on the session cluster, and how is it doing? Asks Flink's REST API."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any

import httpx
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

ENDED = frozenset({"CANCELED", "FAILED", "FINISHED"})


class JobMissing(LookupError):
    """No job of this name is on the cluster."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no job {name!r} on the cluster: `./starling up` starts it")
        self.name = name


class JobNotRunning(RuntimeError):
    """A job is on the cluster, but only `running` of its `tasks` run."""

    def __init__(self, name: str, state: str, running: int, tasks: int, why: str) -> None:
        said = f"job {name!r} is {state}, {running} of {tasks} tasks run"
        super().__init__(f"{said}: {why}" if why else said)
        self.name, self.state, self.running, self.tasks = name, state, running, tasks


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

    def require_running(self, names: Iterable[str]) -> None:
        """Returns where every task of these jobs runs. Raises `JobMissing`, `JobNotRunning`.

        A job whose state is RUNNING may still be deploying its tasks, so the tasks are asked.
        """
        for name in names:
            job = self._get(f"/jobs/{self.job(name)}")
            tasks = [task["status"] for task in job["vertices"]]
            running = tasks.count("RUNNING")
            if running < len(tasks):
                why = next(map(cause, self.failures(name)), "")
                raise JobNotRunning(name, job["state"], running, len(tasks), why)

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

    def went_on_from(self, name: str) -> dict[str, Any] | None:
        """The checkpoint from which it last went on: `id`, `restore_timestamp` and more."""
        return self._get(f"/jobs/{self.job(name)}/checkpoints")["latest"]["restored"]

    def _get(self, path: str, **params: str) -> Any:
        return self._http.get(path, params=params).raise_for_status().json()


def cause(trace: str) -> str:
    """The innermost cause in a Java stack trace, in one line.

    >>> cause("a.Outer: failed\\n\\tat a.B\\nCaused by: c.Inner: no route\\n\\t... 36 more")
    'c.Inner: no route'
    """
    lines = trace.strip().splitlines() or [""]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    return (causes or lines[:1])[-1].removeprefix("Caused by: ")
