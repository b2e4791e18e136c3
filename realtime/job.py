"""How is a Flink job of ours set up?

Everything a job depends on is said here and travels with it, so that it runs alike on any session
cluster of the same version; the cluster brings memory, slots and jars.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment

from settings import Settings

Options = dict[str, object]


def checkpoints(settings: Settings, job: str) -> Path:
    """The folder of a job's checkpoints, one subfolder for each time it was submitted."""
    return settings.state_dir / "flink" / "checkpoints" / job


def options(settings: Settings, job: str) -> Options:
    return {
        "execution.target": "remote",
        "rest.address": settings.host,
        "rest.port": settings.flink_port,
        "parallelism.default": settings.speed_parallelism,
        # Process mode passes every record through a socket: a fifth to a thirtieth of the rate.
        "python.execution-mode": "thread",
        "python.executable": sys.executable,
        "python.client.executable": sys.executable,
        "execution.checkpointing.interval": f"{settings.checkpoint_seconds} s",
        "execution.checkpointing.min-pause": "1 s",
        "execution.checkpointing.timeout": "2 min",
        "execution.checkpointing.dir": checkpoints(settings, job).as_uri(),
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "execution.checkpointing.num-retained": 2,
        # A store that is down is waited for, however long; the log keeps what is due.
        "restart-strategy.type": "exponential-delay",
        "restart-strategy.exponential-delay.initial-backoff": "1 s",
        "restart-strategy.exponential-delay.max-backoff": "15 s",
        "restart-strategy.exponential-delay.reset-backoff-threshold": "2 min",
        "table.local-time-zone": "UTC",
        # A name for every operator that holds state, so that a checkpoint fits the next version.
        "table.exec.uid.generation": "ALWAYS",
        "table.exec.uid.format": "<type>_<transformation>",
    }


def environment(
    settings: Settings, job: str, *, restore: Path | None = None, more: Options | None = None
) -> tuple[StreamExecutionEnvironment, StreamTableEnvironment]:
    """The environments to build a job in. `restore` is the checkpoint it resumes from."""
    configuration = Configuration()
    for name, value in (options(settings, job) | (more or {})).items():
        configuration.set_string(name, str(value))
    if restore is not None:
        configuration.set_string("execution.state-recovery.path", restore.as_uri())
        # Flink deletes the old checkpoint once it has a newer one.
        configuration.set_string("execution.state-recovery.claim-mode", "CLAIM")
    # PyFlink's own constructor would make a local environment, whatever the target says.
    java = get_gateway().jvm.org.apache.flink.streaming.api.environment
    stream = StreamExecutionEnvironment(
        java.StreamExecutionEnvironment(configuration._j_configuration)
    )
    return stream, StreamTableEnvironment.create(stream)


def nothing():
    """A sink that drops what it gets: our functions write for themselves and yield nothing."""
    from pyflink.datastream.connectors.base import Sink

    java = get_gateway().jvm.org.apache.flink.streaming.api.functions.sink.v2
    return Sink(java.DiscardingSink())
