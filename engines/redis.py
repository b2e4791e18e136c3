"""How do the Redis servers run? One has hot rows, counts and limits, and two have the timelines.

A Redis uses one core, and timelines are what it works most for. They are not kept on disk: one that
is gone is built anew when it is read, and one that came back from a file without its last second
would look whole and have a gap (docs/decisions/0082-timeline-servers-keep-no-file.md).
"""

from __future__ import annotations

import platform
import zipfile
from pathlib import Path

import redis

from engines import maven
from engines.server import Command, NotHealthy, Server

# The names under which the jar of org.signal:embedded-redis holds its static binaries.
BINARIES = {
    ("Linux", "x86_64"): "redis-server-7.0.15-linux-amd64",
    ("Linux", "aarch64"): "redis-server-7.0.15-linux-arm64",
    ("Darwin", "x86_64"): "redis-server-7.0.15-darwin-amd64",
    ("Darwin", "arm64"): "redis-server-7.0.15-darwin-arm64",
}


KEPT = """\
appendonly yes
appendfsync everysec
auto-aof-rewrite-min-size 128mb
"""  # a lost second is replayed from the log

# To evict one key of a home would be worse than to refuse: a timeline without its pull list lacks
# whom its reader pulls, and nothing says so.
FORGOTTEN = """\
appendonly no
maxmemory-policy noeviction
"""


class Redis(Server):
    name = "redis"
    port_setting = "redis_port"
    persistence = KEPT

    @property
    def port(self) -> int:
        return getattr(self.settings, self.port_setting)

    @property
    def binary(self) -> Path:
        return maven.folder("redis") / BINARIES[platform.system(), platform.machine()]

    def ports(self) -> dict[str, int]:
        return {self.port_setting: self.port}

    def fetch(self) -> None:
        jars = maven.fetch("redis")
        if not self.binary.exists():
            with zipfile.ZipFile(next(jars.glob("embedded-redis-*.jar"))) as jar:
                jar.extract(self.binary.name, jars)
            self.binary.chmod(0o755)

    def configure(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "redis.conf").write_text(
            f"bind {self.settings.host}\n"
            f"port {self.port}\n"
            f"dir {self.home}\n"
            # Its title would be written over its environment, by which it is found when lost.
            "set-proc-title no\n"
            'save ""\n'
            f"{self.persistence}"
            # A hash of one tweet's counts stays a listpack: a tenth of the memory.
            "hash-max-listpack-entries 512\n"
        )

    def commands(self) -> list[Command]:
        # Our functions compare entries as strings, which have to sort by bytes.
        return [Command(self.name, [self.binary, self.home / "redis.conf"], {"LC_ALL": "C"})]

    def check(self) -> None:
        with redis.Redis(self.settings.host, self.port, socket_timeout=2) as client:
            if client.info("persistence")["loading"]:
                raise NotHealthy("still loading its append-only file")


class Timelines(Redis):
    name = "timelines"
    port_setting = "timelines_port"
    persistence = FORGOTTEN


class SecondTimelines(Timelines):
    name = "timelines_second"
    port_setting = "timelines_second_port"
