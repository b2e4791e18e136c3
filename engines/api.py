"""How does the API run: Flask under Granian, the quickest of those measured?"""

from __future__ import annotations

import httpx

from engines import environments
from engines.server import Command, Server, python_env


class Api(Server):
    name = "api"
    needs = ("topics", "cassandra_schema", "redis_functions", "accounts_schema")

    def ports(self) -> dict[str, int]:
        return {"api_port": self.settings.api_port}

    def commands(self) -> list[Command]:
        granian = environments.folder("app") / "bin" / "granian"
        argv = [
            *(str(granian), "--interface", "wsgi", "serving.wsgi:app"),
            *("--host", self.settings.host, "--port", str(self.settings.api_port)),
            *("--workers", "1", "--blocking-threads", "4", "--no-ws"),
            # A worker that dies is replaced at once; a request in its hands was not answered.
            *("--respawn-failed-workers", "--workers-kill-timeout", "10s", "--no-access-log"),
        ]
        return [Command("api", argv, python_env("app"))]

    def check(self) -> None:
        httpx.get(f"{self.settings.api_url}/health/live", timeout=4).raise_for_status()
