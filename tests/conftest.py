"""Which platform do the tests run against?

One of their own, with its own state folder and free ports, started once by the real supervisor.
A run starts only the servers that its selected tests ask for, while those tests run that need
none, and go first. They are asked for by these fixtures:

    redis_server, kafka_server, cassandra_server, postgres_server, flink_server,
    graph_server (the follow graph and who writes it), index_server (search, likewise),
    scorer_server (who scores tweets: runs while a file of tests is about it),
    speed_layer (all three jobs and what they need), platform (all)

Each gives the settings by which to reach it. The servers are shared: a test makes its own users,
keys and ids, and leaves everything else alone.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import settings as settings_module
from engines import control
from engines.platform import parts
from engines.status import PlatformStatus
from settings import Settings
from tests.realtime.scoring import ScorerProcess, scorer_from_now_on

# What a fixture needs to be up; None: everything.
PARTS: dict[str, list[str] | None] = {
    "redis_server": ["redis_functions"],
    "kafka_server": ["topics"],
    "cassandra_server": ["cassandra_schema"],
    "postgres_server": ["accounts_schema"],
    "flink_server": ["flink"],
    "graph_server": ["graph"],
    "index_server": ["index"],
    "scorer_server": ["topics", "redis_functions", "cassandra_schema"],
    "api_server": ["api"],
    "speed_layer": ["flink_jobs"],
    "platform": None,
}
# Whoever waits for an epoch to close, or for a server that hangs, need not wait for minutes; and
# Spark, which gets a few rows, need not part them among many tasks.
SMALL = {
    "epoch_seconds": 10,
    "feature_delay_seconds": 2,
    "timelines_hang_seconds": 5,
    "spark_shuffle_partitions": 2,
}
NOT_COMPILED = (
    "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
)
STARTING = pytest.StashKey[Future[PlatformStatus]]()

# A law does not become false because the machine is busy: no time limit on an example.
hypothesis_settings.register_profile(
    "starling", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("starling")


def free_ports(count: int) -> list[int]:
    """Ports on which nothing listens, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()


def port_settings() -> dict[str, int]:
    """A free port for each setting that names one: `{"redis_port": 40123}`."""
    names = [name for name in Settings.model_fields if name.endswith("_port")]
    return dict(zip(names, free_ports(len(names)), strict=True))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before any test reads the settings: no test ever touches the platform a person runs."""
    folder = Path(tempfile.mkdtemp(prefix="starling-tests-"))
    folder.chmod(0o755)  # PostgreSQL's ordinary user must be able to enter
    os.environ["STARLING_STATE_DIR"] = str(folder)
    chosen = SMALL | port_settings() | settings_module.unlimited()
    os.environ |= {f"STARLING_{k.upper()}": str(v) for k, v in chosen.items()}
    # Hundreds of queries of a few rows each: compiling them takes a third of Spark's time.
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{NOT_COMPILED} pyspark-shell"
    settings_module.load.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First those that need no server, nor ports: while they run the servers start."""
    items.sort(key=lambda item: not {*PARTS, "small"}.isdisjoint(asked_by(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Has everything started that any selected test needs."""
    asked = {name for item in session.items for name in asked_by(item)}
    wanted = [PARTS[name] for name in PARTS if name in asked]
    everything = [part for part in parts(settings_module.load()) if part != "scorer"]
    only = [part for some in wanted for part in (everything if some is None else some)]
    if wanted and not session.config.option.collectonly:
        up = ThreadPoolExecutor(1).submit(control.up, settings_module.load(), only)
        session.config.stash[STARTING] = up


def asked_by(item: pytest.Item) -> Iterable[str]:
    """The fixtures of a test, those included that its fixtures ask for."""
    return getattr(item, "fixturenames", ())


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """All is taken down. The folder goes, unless a test failed: then its logs are worth reading."""
    if STARTING in session.config.stash:
        control.down(settings_module.load())
    folder = Path(os.environ["STARLING_STATE_DIR"])
    if exitstatus == pytest.ExitCode.TESTS_FAILED and (folder / "logs").exists():
        print(f"\nthe servers' logs: {folder / 'logs'}", file=sys.stderr)
    else:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of the tests' own platform, whether it is up or not."""
    return settings_module.load()


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Everything that any selected test needs, once it is up."""
    request.config.stash[STARTING].result()
    return settings


def _server() -> Any:
    """A fixture that has `PARTS` started and gives the settings by which to reach them."""

    @pytest.fixture(scope="session")
    def reached_by(running: Settings) -> Settings:
        return running

    return reached_by


redis_server = _server()
kafka_server = _server()
cassandra_server = _server()
postgres_server = _server()
flink_server = _server()
speed_layer = _server()
graph_server = _server()
index_server = _server()
api_server = _server()
platform = _server()


@pytest.fixture(scope="module")
def scorer_process(running: Settings) -> Iterator[ScorerProcess]:
    with scorer_from_now_on(running) as process:
        yield process


@pytest.fixture(scope="module")
def scorer_server(running: Settings, scorer_process: ScorerProcess) -> Settings:
    return running
