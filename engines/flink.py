"""How does Flink run: the speed layer's session cluster, made of the pip package's own jars?"""

from __future__ import annotations

from pathlib import Path

import httpx
import yaml

from engines import environments, maven
from engines.java import java, java_home
from engines.server import JVM, Command, NotHealthy, Server, python_env
from settings import Settings

SLOTS = 8
FRAMEWORK_HEAP_MB = 128
# Thread mode embeds Python in the JVM once; classes around it must come from one loader, or the
# second job of a TaskManager dies with `NoSuchFieldException: loadedLibraryNames`.
PARENT_FIRST = (
    "pemja.",
    "org.apache.flink.python",
    "org.apache.flink.streaming.api.operators.python",
    "org.apache.flink.table.runtime.operators.python",
)
LOG4J = """\
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
appender.out.type=CONSOLE
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %-5p %c{1} %m%n
logger.kafka.name=org.apache.kafka
logger.kafka.level=WARN
logger.pekko.name=org.apache.pekko
logger.pekko.level=WARN
logger.checkpoints.name=org.apache.flink.runtime.checkpoint
logger.checkpoints.level=WARN
# Kafka's sink registers a gauge twice and warns of it again at every checkpoint.
logger.metrics.name=org.apache.flink.metrics.MetricGroup
logger.metrics.level=ERROR
"""


def client_env(settings: Settings) -> dict[str, str]:
    """What a process of the speed environment needs to submit a job to the cluster."""
    home = settings.state_dir / Flink.name
    return python_env("speed") | {
        "JAVA_HOME": str(java_home()),
        # Without it PyFlink looks for itself, and puts its own lib folder before ours.
        "FLINK_HOME": str(_package()),
        "FLINK_CONF_DIR": str(home / "conf"),
        "FLINK_LIB_DIR": str(home / "lib"),
        "FLINK_LOG_DIR": str(home / "tmp"),
    }


def _package() -> Path:
    """The folder of the pip package, found without importing it: it lives elsewhere."""
    return next(environments.folder("speed").glob("lib/python*/site-packages/pyflink"))


class Flink(Server):
    name = "flink"

    def ports(self) -> dict[str, int]:
        return {
            "flink_port": self.settings.flink_port,
            "flink_rpc_port": self.settings.flink_rpc_port,
        }

    def fetch(self) -> None:
        environments.ensure("speed")
        maven.fetch("flink")

    def configure(self) -> None:
        for name in ("conf", "lib", "tmp", "checkpoints", "savepoints"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "conf" / "config.yaml").write_text(yaml.safe_dump(self._configuration()))
        (self.home / "conf" / "log4j.properties").write_text(LOG4J)
        for stale in (self.home / "lib").iterdir():
            stale.unlink()
        for jar in (
            *_package().glob("lib/*.jar"),
            *_package().glob("opt/flink-python-*.jar"),
            *maven.folder("flink").glob("*.jar"),
        ):
            (self.home / "lib" / jar.name).symlink_to(jar)

    def commands(self) -> list[Command]:
        runtime = "org.apache.flink.runtime"
        # It plans and keeps the books: compiling that thoroughly would cost more than it saves.
        manager = self._java(
            f"{runtime}.entrypoint.StandaloneSessionClusterEntrypoint",
            *("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        )
        worker = self._java(
            f"{runtime}.taskexecutor.TaskManagerRunner",
            *("-Xms256m", f"-Xmx{self.settings.flink_task_heap_mb + FRAMEWORK_HEAP_MB}m"),
            *("-XX:MaxDirectMemorySize=320m", "-XX:+UseG1GC"),
        )
        env = client_env(self.settings)
        return [
            Command("flink-jobmanager", manager, env),
            Command("flink-taskmanager", worker, env),
        ]

    def check(self) -> None:
        answer = httpx.get(f"{self.settings.flink_url}/overview", timeout=4).raise_for_status()
        if answer.json()["slots-total"] < SLOTS:
            raise NotHealthy(f"no TaskManager: {answer.json()['slots-total']} slots of {SLOTS}")

    def _java(self, main: str, *options: str) -> list[str]:
        """The command of a Flink process, with what the package's own configuration opens."""
        shipped = yaml.safe_load((_package() / "conf" / "config.yaml").read_text())
        logging = f"-Dlog4j.configurationFile=file://{self.home / 'conf' / 'log4j.properties'}"
        temporary = f"-Djava.io.tmpdir={self.home / 'tmp'}"
        return [
            *(str(java()), *JVM, *options, "-XX:MaxMetaspaceSize=320m", logging, temporary),
            *shipped["env"]["java"]["opts"]["all"].split(),
            *("-cp", f"{self.home / 'lib'}/*", main, "--configDir", str(self.home / "conf")),
        ]

    def _configuration(self) -> dict[str, object]:
        s = self.settings
        interpreter = str(environments.python("speed"))
        shipped = yaml.safe_load((_package() / "conf" / "config.yaml").read_text())
        return {
            "env.java.opts.all": shipped["env"]["java"]["opts"]["all"],
            # Everything on loopback: the BLOB server listens on every interface by default.
            "jobmanager.rpc.address": s.host,
            "jobmanager.rpc.port": s.flink_rpc_port,
            "jobmanager.bind-host": s.host,
            "taskmanager.host": s.host,
            "taskmanager.bind-host": s.host,
            "rest.address": s.host,
            "rest.bind-address": s.host,
            "rest.port": s.flink_port,
            "web.submit.enable": False,
            "io.tmp.dirs": str(self.home / "tmp"),
            # A TaskManager started without Flink's scripts must be told each part of its memory.
            "taskmanager.numberOfTaskSlots": SLOTS,
            "taskmanager.cpu.cores": 2.0,
            "taskmanager.memory.framework.heap.size": f"{FRAMEWORK_HEAP_MB}m",
            "taskmanager.memory.task.heap.size": f"{s.flink_task_heap_mb}m",
            "taskmanager.memory.framework.off-heap.size": "64m",
            "taskmanager.memory.task.off-heap.size": "64m",
            "taskmanager.memory.network.min": "96m",
            "taskmanager.memory.network.max": "96m",
            "taskmanager.memory.managed.size": "128m",
            "taskmanager.memory.jvm-metaspace.size": "320m",
            "taskmanager.memory.jvm-overhead.min": "192m",
            "taskmanager.memory.jvm-overhead.max": "192m",
            "cluster.io-pool.size": 4,
            "metrics.fetcher.update-interval": "1 s",  # how old a figure asked for may be
            "heartbeat.interval": "5 s",
            "heartbeat.timeout": "25 s",
            "python.execution-mode": "thread",
            "python.executable": interpreter,
            "python.client.executable": interpreter,
            "classloader.parent-first-patterns.additional": ";".join(PARENT_FIRST),
            "execution.checkpointing.interval": "10 s",
            "execution.checkpointing.dir": f"file://{self.home / 'checkpoints'}",
            "execution.checkpointing.savepoint-dir": f"file://{self.home / 'savepoints'}",
            # The cluster keeps no record of its jobs: the next one resumes from these files.
            "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
            "execution.checkpointing.num-retained": 2,
            "restart-strategy.type": "exponential-delay",
            "restart-strategy.exponential-delay.initial-backoff": "1 s",
            "restart-strategy.exponential-delay.max-backoff": "30 s",
        }
