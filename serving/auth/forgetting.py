"""What need not be known any more? Whatever ended a day ago, whichever way.

Whoever adds a row takes a few old ones away, so no table grows beyond what is alive. A used refresh
token stays for its whole life: to see it again tells of a thief.
"""

from __future__ import annotations

import psycopg

FORGET = """
    DELETE FROM {table} WHERE sha256 IN (
        SELECT sha256 FROM {table} WHERE expires_at < now() - interval '1 day'
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
"""


def forget_ended(connection: psycopg.Connection, table: str) -> None:
    connection.execute(FORGET.format(table=table))
