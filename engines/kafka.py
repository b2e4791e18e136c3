"""How does Kafka run: the log, one KRaft node that is broker and controller?"""

from __future__ import annotations

import base64
import socket
import struct
import subprocess
import uuid

from engines import maven
from engines.java import java
from engines.server import JVM, Command, NotHealthy, Server

# Asks which brokers there are (Metadata, version 1, no topics): length, key, version, correlation
# id, no client id, no topics. The answer: length, correlation id, number of brokers ...
METADATA_REQUEST = struct.pack(">ihhihi", 14, 3, 1, 1, -1, 0)

LOG4J = """\
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=INFO
"""


class Kafka(Server):
    name = "kafka"

    def ports(self) -> dict[str, int]:
        return {
            "kafka_port": self.settings.kafka_port,
            "kafka_controller_port": self.settings.kafka_controller_port,
        }

    def fetch(self) -> None:
        maven.fetch("kafka")

    def configure(self) -> None:
        data = self.home / "data"
        data.mkdir(parents=True, exist_ok=True)
        (self.home / "log4j2.properties").write_text(LOG4J)
        (self.home / "server.properties").write_text(self._properties())
        if not (data / "meta.properties").exists():
            self._format()

    def commands(self) -> list[Command]:
        argv = self._java("kafka.Kafka", "-Xms128m", "-Xmx320m", "-XX:+UseSerialGC")
        return [Command("kafka", [*argv, str(self.home / "server.properties")], stop_seconds=30)]

    def check(self) -> None:
        address = (self.settings.host, self.settings.kafka_port)
        with socket.create_connection(address, timeout=2) as connection:
            connection.sendall(METADATA_REQUEST)
            answer = connection.recv(12)
        if len(answer) < 12 or struct.unpack(">iii", answer)[2] < 1:
            raise NotHealthy("the broker is not part of its cluster yet")

    def _java(self, main: str, *options: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self.home / 'log4j2.properties'}"
        classpath = f"{maven.folder('kafka')}/*"
        return [str(java()), *JVM, *options, logging, "-cp", classpath, main]

    def _format(self) -> None:
        """A log folder is bound to a cluster id, made once."""
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        config = str(self.home / "server.properties")
        tool = self._java("kafka.tools.StorageTool", "-Xmx128m")
        subprocess.run(
            [*tool, "format", f"--cluster-id={cluster}", f"--config={config}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _properties(self) -> str:
        s = self.settings
        return "\n".join(
            [
                "process.roles=broker,controller",
                "node.id=1",
                f"controller.quorum.voters=1@{s.host}:{s.kafka_controller_port}",
                f"listeners=PLAINTEXT://{s.host}:{s.kafka_port},"
                f"CONTROLLER://{s.host}:{s.kafka_controller_port}",
                f"advertised.listeners=PLAINTEXT://{s.host}:{s.kafka_port}",
                "controller.listener.names=CONTROLLER",
                f"log.dirs={self.home / 'data'}",
                "auto.create.topics.enable=false",  # a mistyped topic is an error, not a topic
                "log.segment.bytes=67108864",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=4",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=4",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                # Small heap: few threads and a small table for the cleaner.
                "num.network.threads=2",
                "num.io.threads=4",
                "log.cleaner.dedupe.buffer.size=16777216",
                "",
            ]
        )
