"""What must be made inside the servers before the platform can work, and by which module?

Each step is a command that may be run again at any time: it makes what is missing and leaves
what is there. The supervisor runs a step when what it needs is healthy, and again whenever a
server it needs was restarted. What a step made may have to be watched like a server: its `check`
is asked now and then, and the status says what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engines import environments
from engines.flink import client_env
from engines.server import Command, python_env
from realtime.cluster import Cluster
from realtime.submit import JOBS
from settings import Settings

Check = Callable[[Settings], None]  # raises whatever shows that it is not as it was made


def _jobs_run(settings: Settings) -> None:
    with Cluster(settings.flink_url) as cluster:
        cluster.require_running(JOBS)


def surroundings(environment: str, settings: Settings) -> Mapping[str, str]:
    """What a command of that environment must find: of `speed`, Flink's configuration and jars."""
    return client_env(settings) if environment == "speed" else python_env(environment)


@dataclass(frozen=True)
class Step:
    name: str
    needs: tuple[str, ...]  # servers and steps that come first
    module: str  # run as `python -m <module>`
    environment: str = "app"
    check: Check | None = None  # None: what it made stays

    def command(self, settings: Settings) -> Command:
        argv = (environments.ensure(self.environment), "-m", self.module)
        return Command(self.name, argv, surroundings(self.environment, settings))


STEPS = (
    Step("topics", ("kafka",), "ingest.topics"),
    Step("cassandra_schema", ("cassandra",), "engines.schema"),
    Step(
        "redis_functions",
        ("redis", "timelines", "timelines_second"),
        "realtime.redis_functions",
    ),
    Step("graph_schema", ("neo4j",), "engines.graph_schema"),
    Step("index_schema", ("opensearch",), "engines.index_schema"),
    Step("accounts_schema", ("postgres",), "serving.migrate"),
    # After the JobManager died this brings its jobs back from their last checkpoints.
    Step(
        "flink_jobs",
        ("flink", "topics", "cassandra_schema", "redis_functions"),
        "realtime.submit",
        "speed",
        _jobs_run,
    ),
)
