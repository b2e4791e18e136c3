"""How does Neo4j run: the follow graph, for questions that go further than one edge?

It answers Bolt on loopback and nothing else: no web pages, no usage reports. The password is made
at the first start and kept in the state folder, readable by the owner only.
"""

from __future__ import annotations

import os
import secrets
import subprocess

import neo4j

from engines import maven
from engines.java import java
from engines.private import write_private
from engines.server import JVM, Command, Server

# What Neo4j 5's own configuration opens of the JDK.
OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")


class Neo4j(Server):
    name = "neo4j"

    def ports(self) -> dict[str, int]:
        return {"neo4j_port": self.settings.neo4j_port}

    def fetch(self) -> None:
        maven.fetch("neo4j")

    def configure(self) -> None:
        for name in ("conf", "tmp"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "conf" / "neo4j.conf").write_text(self._configuration())
        if not self.settings.neo4j_password_file.exists():
            self._set_password()

    def commands(self) -> list[Command]:
        argv = self._java("org.neo4j.server.CommunityEntryPoint", "-Xms128m", "-Xmx320m")
        # Otherwise it says nothing to the log that we keep.
        options = (
            f"--home-dir={self.home}",
            f"--config-dir={self.home / 'conf'}",
            "--console-mode",
        )
        return [Command("neo4j", [*argv, *options], stop_seconds=30)]

    def check(self) -> None:
        with neo4j.GraphDatabase.driver(
            self.settings.neo4j_url,
            auth=self.settings.neo4j_auth,
            connection_timeout=2,
            telemetry_disabled=True,
        ) as driver:
            driver.verify_connectivity()

    def _java(self, main: str, *options: str) -> list[str]:
        return [
            *(str(java()), *JVM, *options, "-XX:+UseSerialGC", "-Xss512k"),
            *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENS),
            f"-Djava.io.tmpdir={self.home / 'tmp'}",
            *("-cp", f"{maven.folder('neo4j')}/*", main),
        ]

    def _set_password(self) -> None:
        """Before the first start, so that the known one of a new server never holds.

        The tool reads its arguments from a file: on a command line everybody could see them.
        """
        password = secrets.token_urlsafe(24)
        arguments = self.home / "set-password"
        write_private(arguments, f"dbms set-initial-password {password}\n")
        subprocess.run(
            [*self._java("org.neo4j.cli.AdminTool", "-Xmx64m"), f"@{arguments}"],
            check=True,
            env=os.environ | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            stdout=subprocess.DEVNULL,
        )
        arguments.unlink()
        write_private(self.settings.neo4j_password_file, password)

    def _configuration(self) -> str:
        s = self.settings
        settings = {
            "server.default_listen_address": s.host,
            "server.default_advertised_address": s.host,
            "server.bolt.listen_address": f"{s.host}:{s.neo4j_port}",
            "server.bolt.advertised_address": f"{s.host}:{s.neo4j_port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",
            # A client takes a server that lets three of these pass for hanging. In whole seconds.
            "server.bolt.connection_keep_alive": "1s",
            "server.bolt.connection_keep_alive_for_requests": "ALL",
            "server.bolt.connection_keep_alive_probes": "3",
            "server.bolt.thread_pool_min_size": "2",
            "server.bolt.thread_pool_max_size": "24",
            "server.memory.pagecache.size": "64m",
            "db.tx_state.memory_allocation": "ON_HEAP",
            "dbms.memory.transaction.total.max": "160m",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.size": "16m",
            "db.tx_log.rotation.retention_policy": "2 files",
            "db.logs.query.enabled": "OFF",
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())
