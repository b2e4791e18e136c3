"""Who moderates, and how soon does it begin and end?

A token or session may use the scope `moderation.write` only while its account is in the table of
moderators; whoever looks a credential up asks for both at once. What changes here is doubted before
it commits, as the ends of credentials are, so that every process goes by it within two seconds.
"""

from __future__ import annotations

import psycopg

from serving.auth.endings import ISSUED
from serving.auth.known import Credentials
from serving.errors import InvalidRequest
from serving.stores.postgres import PostgresStore

APPOINT = "INSERT INTO moderators (account_id) VALUES (%(id)s) ON CONFLICT DO NOTHING"
DISMISS = "DELETE FROM moderators WHERE account_id = %(id)s"
OTHERS = "SELECT EXISTS (SELECT FROM moderators WHERE account_id <> ALL(%s)) AS others"


class Moderators:
    """Every method may raise `StoreUnavailable`; then nothing has changed."""

    def __init__(self, postgres: PostgresStore, credentials: Credentials) -> None:
        self._postgres, self._credentials = postgres, credentials

    def appoint(self, username: str) -> bool:
        """Whether the account was none before. Raises `InvalidRequest` for a name of nobody."""
        return self._change(username, APPOINT)

    def dismiss(self, username: str) -> bool:
        """Whether the account was one. Raises `InvalidRequest` for a name of nobody."""
        return self._change(username, DISMISS)

    def others_than(self, *ids: int) -> bool:
        """Whether anybody else moderates."""
        with self._postgres.connection() as connection:
            row = connection.execute(OTHERS, [list(ids)]).fetchone()
        return bool(row and row.others)

    def _change(self, username: str, statement: str) -> bool:
        with self._postgres.connection() as connection:
            found = connection.execute(
                "SELECT id FROM accounts WHERE username = %s FOR UPDATE", [username]
            ).fetchone()
            if found is None:
                raise InvalidRequest(f"There is no account {username}.", username=username)
            changed = connection.execute(statement, {"id": found.id}).rowcount == 1
            self._doubt(connection, found.id)
        return changed

    def _doubt(self, connection: psycopg.Connection, account_id: int) -> None:
        """What the account has signed in goes on, with other rights."""
        issued = connection.execute(ISSUED, {"id": account_id}).fetchall()
        self._credentials.doubt((row.realm, bytes(row.sha256)) for row in issued)
