"""How does the PostgreSQL run that BI tools ask, apart from the one of accounts?

Only while `./starling bi` does: it is no part of a platform that is up. It holds a copy of the lake
in pseudonyms (lake/mart.py), which can be made anew. Two users get in, by password and loopback:
`analyst`, who reads, and the owner, who fills it. A session's memory is limited by the system, as a
session may change every limit that PostgreSQL has for it.
"""

from __future__ import annotations

import psycopg

from engines.postgres import Postgres
from engines.server import Command
from lake.mart import DATABASE, OWNER, READER, owner_password, owner_url

# PostgreSQL's own needs beside what a query may take.
SERVER_MB = 64


class Bi(Postgres):
    name = "bi"
    databases = (DATABASE,)

    def ports(self) -> dict[str, int]:
        return {"bi_port": self.settings.bi_port}

    def configure(self) -> None:
        super().configure()
        hosts = f"{self.settings.host}/32"
        users = (f"host {DATABASE} {user} {hosts} scram-sha-256\n" for user in (READER, OWNER))
        (self.data / "pg_hba.conf").write_text("".join(users))

    def commands(self) -> list[Command]:
        (command,) = super().commands()
        kilobytes = (SERVER_MB + self.settings.bi_query_mb) * 1024
        limited = ["/bin/sh", "-c", 'ulimit -d "$0" && exec "$@"', str(kilobytes), *command.argv]
        return [Command(self.name, limited, user=command.user, stop_signal=command.stop_signal)]

    def check(self) -> None:
        with psycopg.connect(owner_url(self.settings), connect_timeout=2) as connection:
            connection.execute("SELECT 1")

    def _configuration(self) -> dict[str, str | int]:
        return super()._configuration() | {
            "max_connections": self.settings.bi_connections + 5,
            "temp_file_limit": f"{self.settings.bi_temp_mb}MB",
            # What is lost with a dead machine is copied again.
            "synchronous_commit": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            # Queries of several analysts share the cores; one each is enough.
            "max_parallel_workers_per_gather": 0,
            "jit": "off",
        }

    def _initialise(self) -> None:
        super()._initialise()
        self._alone(f"ALTER ROLE {OWNER} PASSWORD '{owner_password(self.settings)}'")
