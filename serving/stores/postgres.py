"""How is PostgreSQL asked, and which accounts does it know?

It holds what must be exact the moment it is asked: accounts here; the SQL of sessions, tokens, apps
and grants stands with their meaning in `serving/auth`, each statement within a `connection()`.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from serving.stores.guard import Guard
from settings import Settings


class Account(NamedTuple):
    """`log_position` is where its AccountCreated stands; None until the log has taken it."""

    id: int
    username: str
    name: str
    created_at: datetime
    log_position: str | None


class Secrets(NamedTuple):
    """What an account signs in with; never leaves the process."""

    id: int
    username: str
    email: str | None
    email_verified_at: datetime | None
    password_hash: str | None
    generation: int


ACCOUNT = "id, username::text AS username, name, created_at, log_position"


class PostgresStore:
    """Thread-safe; connects on first use. Every method may raise `StoreUnavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._timeout_s = timeout_s = settings.store_timeout_seconds
        self._pool = ConnectionPool(
            settings.postgres_url,
            min_size=0,
            max_size=4,
            timeout=timeout_s,
            max_idle=300,
            reconnect_timeout=3 * timeout_s,  # then the next call tries, not a growing pause
            open=False,
            kwargs={
                "connect_timeout": max(2, int(timeout_s)),  # libpq's least
                "options": f"-c statement_timeout={int(timeout_s * 1000)}",
                "application_name": "starling-api",
                "row_factory": namedtuple_row,
            },
        )
        self.guard = Guard("postgres", (psycopg.OperationalError, PoolTimeout, OSError))

    def account_by_username(self, username: str) -> Account | None:
        with self.connection() as connection:
            row = connection.execute(
                f"SELECT {ACCOUNT} FROM accounts WHERE username = %s", [username]
            ).fetchone()
        return Account(*row) if row else None

    def secrets_of(self, who: int | str) -> Secrets | None:
        """Of the account with that id, e-mail address or username (names in any case)."""
        if isinstance(who, str) and not who.isprintable():
            return None  # PostgreSQL takes no text with a null character
        column = "id" if isinstance(who, int) else "email" if "@" in who else "username"
        with self.connection() as connection:
            row = connection.execute(
                "SELECT id, username::text AS username, email::text AS email, email_verified_at, "
                f"password_hash, generation FROM accounts WHERE {column} = %s",
                [who],
            ).fetchone()
        return Secrets(*row) if row else None

    def add_account(self, id: int, username: str, name: str, created_at: datetime) -> Account:
        """The account of that name: this one, or the one that had the name already."""
        with self.connection() as connection:
            connection.execute(
                "INSERT INTO accounts (id, username, name, created_at) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (username) DO NOTHING",
                [id, username, name, created_at],
            )
            row = connection.execute(
                f"SELECT {ACCOUNT} FROM accounts WHERE username = %s", [username]
            ).fetchone()
        assert row is not None, "inserted or there already"
        return Account(*row)

    def mark_announced(self, account_id: int, log_position: str) -> None:
        """Remembers that the log has the account."""
        with self.connection() as connection:
            connection.execute(
                "UPDATE accounts SET log_position = %s WHERE id = %s", [log_position, account_id]
            )

    def ping(self) -> None:
        with self.connection() as connection:
            connection.execute("SELECT 1 FROM accounts LIMIT 1")

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """A connection in a transaction that commits at the end of the block."""
        with self.guard():
            self._pool.open()  # does nothing once it is open
            with self._pool.connection() as connection, _within(connection, self._timeout_s):
                yield connection


@contextmanager
def _within(connection: psycopg.Connection, seconds: float) -> Iterator[None]:
    """Hangs up on a server that does not answer in time; the call then fails.

    The server's own `statement_timeout` says nothing where the server itself hangs, and libpq waits
    for ever.
    """
    watch = threading.Timer(seconds, _hang_up, [connection])
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(connection: psycopg.Connection) -> None:
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
