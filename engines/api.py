"""How does the API run? `serving/__main__.py` says under which server and how many threads."""

from __future__ import annotations

import httpx

from engines import environments
from engines.server import Command, Server, python_env


class Api(Server):
    name = "api"
    needs = ("topics", "cassandra_schema", "redis_functions", "accounts_schema", "mail")

    def ports(self) -> dict[str, int]:
        return {"api_port": self.settings.api_port}

    def commands(self) -> list[Command]:
        command = (environments.python("app"), "-m", "serving")
        return [Command("api", command, python_env("app"))]

    def check(self) -> None:
        httpx.get(f"{self.settings.api_url}/health/live", timeout=4).raise_for_status()
