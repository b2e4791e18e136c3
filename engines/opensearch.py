"""How does OpenSearch run: tweets and people, found by what they say?

There is no distribution of it among Maven's jars, so `OpenSearch.java` starts a node from the
library. It listens on loopback only and knows no passwords. What it holds can be written anew from
the log and the lake.
"""

from __future__ import annotations

from opensearchpy import OpenSearch as Client

from engines import maven
from engines.environments import REPOSITORY
from engines.java import java
from engines.server import JVM, Command, Server

NODE = REPOSITORY / "engines" / "OpenSearch.java"
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class OpenSearch(Server):
    name = "opensearch"

    def ports(self) -> dict[str, int]:
        return {
            "opensearch_port": self.settings.opensearch_port,
            "opensearch_transport_port": self.settings.opensearch_transport_port,
        }

    def fetch(self) -> None:
        maven.fetch("opensearch")

    def configure(self) -> None:
        for name in ("config", "tmp"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "config" / "opensearch.yml").write_text(self._configuration())
        (self.home / "config" / "log4j2.properties").write_text(LOGGING)

    def commands(self) -> list[Command]:
        argv = [
            *(str(java()), *JVM, "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-Xss512k"),
            # Half of what it takes to start is compiling; a server that runs long can do it later.
            *("-XX:TieredStopAtLevel=1", f"-Djava.io.tmpdir={self.home / 'tmp'}"),
            *("-Dlog4j2.disable.jmx=true", "-Dlog4j2.formatMsgNoLookups=true"),
            *("-cp", f"{maven.folder('opensearch')}/*", str(NODE), str(self.home)),
        ]
        return [Command("opensearch", argv, stop_seconds=30)]

    def check(self) -> None:
        with Client(self.settings.opensearch_url, timeout=5, max_retries=0) as client:
            client.cluster.health(params={"wait_for_status": "yellow"})

    def _configuration(self) -> str:
        s = self.settings
        said = {
            "cluster.name": "starling",
            "node.name": "starling",
            "discovery.type": "single-node",
            "network.host": s.host,
            "http.port": s.opensearch_port,
            "transport.port": s.opensearch_transport_port,
            "path.data": self.home / "data",
            "path.logs": self.home / "logs",
            # An index that nobody made has no mapping: rather an error.
            "action.auto_create_index": "false",
            # The disk is everybody's here; how full it is says nothing about this server.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        return "".join(f"{name}: {value}\n" for name, value in said.items())
