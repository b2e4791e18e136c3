"""How does Cassandra run: tweets, user timelines, users, the batch layer's rows?"""

from __future__ import annotations

import socket

import yaml

from engines import maven
from engines.java import java
from engines.server import JVM, Command, NotHealthy, Server

# What Cassandra 5's own jvm17 options open of the JDK.
EXPORTS = [
    *("java.base/jdk.internal.misc", "java.base/jdk.internal.ref", "java.base/jdk.internal.perf"),
    *("java.base/java.lang.ref", "java.base/sun.nio.ch", "java.sql/java.sql"),
    *("java.management.rmi/com.sun.jmx.remote.internal.rmi", "java.rmi/sun.rmi.registry"),
    *("java.rmi/sun.rmi.server", "java.rmi/sun.rmi.transport.tcp", "jdk.unsupported/sun.misc"),
    "jdk.attach/sun.tools.attach",
]
OPENS = [
    *("java.base/java.io", "java.base/java.lang", "java.base/java.lang.module"),
    *("java.base/java.lang.reflect", "java.base/java.net", "java.base/java.nio"),
    *("java.base/java.util", "java.base/java.util.concurrent"),
    *("java.base/java.util.concurrent.atomic", "java.base/jdk.internal.loader"),
    *("java.base/jdk.internal.math", "java.base/jdk.internal.module", "java.base/jdk.internal.ref"),
    *("java.base/jdk.internal.reflect", "java.base/jdk.internal.util.jar", "java.base/sun.nio.ch"),
    *("jdk.compiler/com.sun.tools.javac.file", "jdk.management/com.sun.management.internal"),
]
LOGBACK = """\
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%date{ISO8601} %-5level [%thread] %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out"/></root>
  <logger name="org.apache.cassandra.service.CassandraDaemon" level="INFO"/>
</configuration>
"""
OPTIONS_FRAME = bytes([4, 0, 0, 0, 5, 0, 0, 0, 0])  # native protocol v4: what do you support?
SUPPORTED = 6  # the opcode of its answer


class Cassandra(Server):
    name = "cassandra"

    def ports(self) -> dict[str, int]:
        s = self.settings
        return {
            "cassandra_port": s.cassandra_port,
            "cassandra_storage_port": s.cassandra_storage_port,
            "cassandra_jmx_port": s.cassandra_jmx_port,
        }

    def fetch(self) -> None:
        maven.fetch("cassandra")

    def configure(self) -> None:
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        (self.home / "logback.xml").write_text(LOGBACK)
        (self.home / "cassandra.yaml").write_text(yaml.safe_dump(self._configuration()))

    def commands(self) -> list[Command]:
        jars = maven.folder("cassandra")
        options = {
            "cassandra.config": f"file://{self.home / 'cassandra.yaml'}",
            "cassandra.storagedir": self.home / "data",
            "cassandra.logdir": self.home,
            "cassandra.jmx.local.port": self.settings.cassandra_jmx_port,
            "cassandra.skip_wait_for_gossip_to_settle": 0,  # there is nobody to gossip with
            "chronicle.announcer.disable": "true",
            "java.io.tmpdir": self.home / "tmp",
            "java.rmi.server.hostname": self.settings.host,
            "java.security.manager": "allow",
            "jdk.attach.allowAttachSelf": "true",
            "logback.configurationFile": self.home / "logback.xml",
        }
        argv = [
            *(str(java()), *JVM, "-Xms512m", "-Xmx768m", "-Xss512k"),
            *("-XX:MaxDirectMemorySize=256m", "-XX:+UseG1GC"),
            *("-javaagent:" + str(next(jars.glob("jamm-*.jar"))),),
            *(f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTS),
            *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENS),
            *(f"-D{key}={value}" for key, value in options.items()),
            *("-cp", f"{jars}/*", "org.apache.cassandra.service.CassandraDaemon"),
        ]
        return [Command("cassandra", argv, stop_seconds=30)]

    def check(self) -> None:
        address = (self.settings.host, self.settings.cassandra_port)
        with socket.create_connection(address, timeout=2) as connection:
            connection.sendall(OPTIONS_FRAME)
            answer = connection.recv(9)
        if len(answer) < 5 or answer[4] != SUPPORTED:
            raise NotHealthy(f"answered {answer.hex()} to OPTIONS")

    def _configuration(self) -> dict[str, object]:
        s = self.settings
        seed = {"seeds": f"{s.host}:{s.cassandra_storage_port}"}
        provider = "org.apache.cassandra.locator.SimpleSeedProvider"
        return {
            "cluster_name": "starling",
            "num_tokens": 4,
            "listen_address": s.host,
            "rpc_address": s.host,
            "storage_port": s.cassandra_storage_port,
            "native_transport_port": s.cassandra_port,
            "seed_provider": [{"class_name": provider, "parameters": [seed]}],
            "endpoint_snitch": "SimpleSnitch",
            "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
            "authenticator": "AllowAllAuthenticator",
            "commitlog_sync": "periodic",  # a killed process loses nothing; a lost second of a
            "commitlog_sync_period": "1000ms",  # lost machine is replayed from the log
            "commitlog_segment_size": "8MiB",
            "auto_snapshot": False,
            "cdc_enabled": False,
            # A small heap: few threads and small caches.
            "memtable_allocation_type": "heap_buffers",
            "memtable_heap_space": "160MiB",
            "file_cache_size": "64MiB",
            "key_cache_size": "16MiB",
            "networking_cache_size": "32MiB",
            "concurrent_reads": 8,
            "concurrent_writes": 16,
            "concurrent_compactors": 1,
            "native_transport_max_threads": 32,
            # The speed layer means to: a request costs the driver more than a statement does.
            "unlogged_batch_across_partitions_warn_threshold": 64,
        }
