"""How does PostgreSQL run: accounts, credentials and tokens, and Airflow's own records?"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import ClassVar

import psycopg

from engines import maven
from engines.server import Command, Server

PLATFORMS = {
    ("Linux", "x86_64"): "linux-amd64",
    ("Linux", "aarch64"): "linux-arm64v8",
    ("Darwin", "x86_64"): "darwin-amd64",
    ("Darwin", "arm64"): "darwin-arm64v8",
}
# PostgreSQL refuses to run as root; this user exists everywhere and owns nothing else.
ORDINARY_USER = "nobody"


class Postgres(Server):
    name = "postgres"
    databases: ClassVar[tuple[str, ...]] = ("starling", "airflow")

    @property
    def binaries(self) -> Path:
        return maven.folder("postgres") / "unpacked" / "bin"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def user(self) -> str | None:
        return ORDINARY_USER if os.geteuid() == 0 else None

    def ports(self) -> dict[str, int]:
        return {"postgres_port": self.settings.postgres_port}

    def fetch(self) -> None:
        wanted = PLATFORMS[platform.system(), platform.machine()]
        jars = maven.fetch("postgres", postgres_platform=wanted)
        if self.binaries.exists():
            return
        with (
            zipfile.ZipFile(next(jars.glob("embedded-postgres-binaries-*.jar"))) as jar,
            jar.open(next(n for n in jar.namelist() if n.endswith(".txz"))) as packed,
            tarfile.open(fileobj=packed, mode="r:xz") as archive,
        ):
            archive.extractall(jars / "unpacking")
        (jars / "unpacking").rename(jars / "unpacked")

    def configure(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._hand_over()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        said = (f"{name} = {value}\n" for name, value in self._configuration().items())
        (self.data / "postgresql.auto.conf").write_text("".join(said))
        self._hand_over()

    def _configuration(self) -> dict[str, str | int]:
        (port,) = self.ports().values()
        return {
            "listen_addresses": f"'{self.settings.host}'",
            "port": port,
            "unix_socket_directories": "''",
            "max_connections": 80,
            "shared_buffers": "64MB",
            "log_line_prefix": "'%m [%p] %d '",
        }

    def commands(self) -> list[Command]:
        argv = [str(self.binaries / "postgres"), "-D", str(self.data)]
        # SIGINT is its fast shutdown: sessions are ended, nothing committed is lost.
        return [Command("postgres", argv, user=self.user, stop_signal=signal.SIGINT)]

    def check(self) -> None:
        with psycopg.connect(self.settings.postgres_url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")

    def _initialise(self) -> None:
        initdb = [
            *(str(self.binaries / "initdb"), "--pgdata", str(self.data), "--username=starling"),
            *("--auth=trust", "--encoding=UTF8", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions"),
        ]
        self._run(initdb)
        for database in self.databases:
            self._alone(f"CREATE DATABASE {database}")

    def _alone(self, statement: str) -> None:
        """Runs one line of SQL by a server that nobody else can reach."""
        single = [str(self.binaries / "postgres"), "--single", "-D", str(self.data), "postgres"]
        self._run(single, f"{statement}\n")

    def _run(self, argv: list[str], standard_input: str = "") -> None:
        subprocess.run(
            argv,
            input=standard_input,
            text=True,
            cwd=self.home,
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.user,
            extra_groups=[] if self.user else None,
        )

    def _hand_over(self) -> None:
        """The folder belongs to the ordinary user, who must also be able to reach it."""
        if not self.user:
            return
        for folder in (*self.home.parents, *self.binaries.parents):
            if not folder.stat().st_mode & 0o001:
                raise PermissionError(
                    f"PostgreSQL runs as {self.user}, who cannot enter {folder}: run `chmod o+x "
                    f"{folder}`, or set STARLING_STATE_DIR and STARLING_CACHE_DIR elsewhere"
                )
        for path in (self.home, *self.home.rglob("*")):
            if path.owner() != self.user:
                shutil.chown(path, self.user)
