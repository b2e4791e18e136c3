"""How does Airflow run: the order, the hours and the record of the batch layer's work?

Three processes on loopback: the API server with the user interface, the scheduler with its local
workers, and the DAG processor. Tasks start Spark in the batch environment by the interpreter's
path, so Airflow's own environment holds nothing but Airflow.
"""

from __future__ import annotations

import base64
import configparser
import json
import os
import secrets
import subprocess
from pathlib import Path

import httpx
import psycopg

from engines import environments, maven
from engines.environments import REPOSITORY
from engines.java import java_home
from engines.private import private, write_private
from engines.server import Command, NotHealthy, Server, python_env

USER = "starling"
COMPONENTS = ("metadatabase", "scheduler", "dag_processor")
POOL = (
    "spark",
    "1",
    "One job at a time of those that run Spark or write silver: two would starve two cores",
)


class SetupFailed(RuntimeError):
    """Airflow's database could not be made ready; the message ends with what Airflow said."""


class Airflow(Server):
    name = "airflow"
    needs = ("postgres",)

    @property
    def passwords(self) -> Path:
        """`{"starling": "<password>"}`, made at the first start, readable by its owner only."""
        return self.home / "passwords.json"

    @property
    def database(self) -> str:
        s = self.settings
        return f"{USER}@{s.host}:{s.postgres_port}/airflow"

    def ports(self) -> dict[str, int]:
        return {"airflow_port": self.settings.airflow_port}

    def fetch(self) -> None:
        for name in ("airflow", "app", "batch"):  # its own, and those its tasks run in
            environments.ensure(name)
        maven.fetch("spark")  # the jars that its tasks' sessions load

    def configure(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.passwords.exists():
            write_private(self.passwords, json.dumps({USER: secrets.token_urlsafe(18)}))
        parser = configparser.RawConfigParser()
        parser.read_dict(self._configuration())
        with private(self.home / "airflow.cfg").open("w") as file:
            parser.write(file)
        self._prepare_database()

    def commands(self) -> list[Command]:
        airflow = environments.folder("airflow") / "bin" / "airflow"
        # Without --skip-serve-logs the scheduler would serve them on every interface.
        parts = ("api-server",), ("scheduler", "--skip-serve-logs"), ("dag-processor",)
        # Asked to end, the scheduler waits for its tasks and the API server for its clients. Tasks
        # are safe to kill, and clients may ask again.
        return [
            Command(f"airflow-{part[0]}", [airflow, *part], self._environment(), stop_seconds=5)
            for part in parts
        ]

    def check(self) -> None:
        url = f"{self.settings.airflow_url}/api/v2/monitor/health"
        answer = httpx.get(url, timeout=4).raise_for_status().json()
        if ill := [part for part in COMPONENTS if answer[part]["status"] != "healthy"]:
            raise NotHealthy(f"not healthy yet: {', '.join(ill)}")

    def _environment(self) -> dict[str, str]:
        return python_env("airflow") | {
            "AIRFLOW_HOME": str(self.home),
            # Airflow renames its processes; this keeps the mark by which lost ones are found.
            "SPT_NOENV": "1",
            "JAVA_HOME": str(java_home()),
            "STARLING_PYTHON_APP": str(environments.python("app")),
            "STARLING_PYTHON_BATCH": str(environments.python("batch")),
            "STARLING_QUALITY_PAGE": (self.settings.state_dir / "quality/index.html").as_uri(),
        }

    def _configuration(self) -> dict[str, dict[str, object]]:
        """`airflow.cfg`. Statistics, traces and error reports stay off, so nothing calls out."""
        s = self.settings
        return {
            "core": {
                "dags_folder": REPOSITORY / "dags",
                "load_examples": False,
                "dags_are_paused_at_creation": False,
                "executor": "LocalExecutor",
                "parallelism": 3,  # one Spark task, and room for those that only wait or ask
                "simple_auth_manager_users": f"{USER}:admin",
                "simple_auth_manager_passwords_file": self.passwords,
                "execution_api_server_url": f"{s.airflow_url}/execution/",
                "hostname_callable": "socket.gethostname",  # the default asks the name server
                "fernet_key": self._secret("fernet_key"),
            },
            "database": {
                # With psycopg 3 the asset graph's query fails: `jsonb #> character varying`.
                "sql_alchemy_conn": f"postgresql+psycopg2://{self.database}",
                "sql_alchemy_conn_async": f"postgresql+asyncpg://{self.database}",
                "sql_alchemy_pool_size": 3,
            },
            "api": {
                "host": s.host,
                "port": s.airflow_port,
                "base_url": s.airflow_url,
                "workers": 1,
                "instance_name": "Starling",
                "secret_key": self._secret("secret_key"),
            },
            "api_auth": {"jwt_secret": self._secret("jwt_secret")},
            # A DAG changes with a release: parsing all of them every 30 s would cost 5 % of a core.
            "dag_processor": {"min_file_process_interval": 300, "refresh_interval": 30},
            "logging": {"base_log_folder": self.home / "logs", "colored_console_log": False},
        }

    def _secret(self, name: str) -> str:
        file = self.home / "secrets" / name
        if not file.exists():
            file.parent.mkdir(exist_ok=True, mode=0o700)
            # 32 bytes in this alphabet are what Fernet takes for a key.
            write_private(file, base64.urlsafe_b64encode(os.urandom(32)).decode())
        return file.read_text()

    def _prepare_database(self) -> None:
        """Brings the tables to this Airflow's version and makes the pool, unless that is done."""
        done = self.home / "database"  # which environment left which schema revision
        environment = environments.folder("airflow").name
        revision = self._revision()
        if revision and done.exists() and done.read_text() == f"{environment} {revision}":
            return
        self._airflow("db", "migrate")
        self._airflow("pools", "set", *POOL)
        done.write_text(f"{environment} {self._revision()}")

    def _revision(self) -> str | None:
        with psycopg.connect(f"postgresql://{self.database}", connect_timeout=5) as connection:
            try:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            except psycopg.errors.UndefinedTable:
                return None
        return str(row[0]) if row else None

    def _airflow(self, *arguments: str) -> None:
        command = [str(environments.folder("airflow") / "bin" / "airflow"), *arguments]
        environment = os.environ | self._environment()
        done = subprocess.run(
            command, env=environment, cwd=REPOSITORY, capture_output=True, text=True
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()[-5:]
            raise SetupFailed(f"`airflow {' '.join(arguments)}` failed:\n" + "\n".join(said))
