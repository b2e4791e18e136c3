"""Who has signed in with a password, where, and until when?"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from serving.auth.attempts import Attempts
from serving.auth.forgetting import forget_ended
from serving.auth.known import Credentials, Known, sha256
from serving.auth.passwords import matches
from serving.auth.scopes import ALL_SCOPES, held
from serving.errors import Forbidden, Unauthorized
from serving.principal import Principal
from serving.stores.postgres import PostgresStore
from settings import Settings

WRONG = "The name or the password is wrong."  # the same, whichever of the two it is
UNCONFIRMED = "Confirm your e-mail address first: open the link in our letter, or ask for another."
SIGN_IN = "sign-in"
ADDRESS = "address"

SESSION = """
    SELECT a.id, a.username::text AS username,
           (extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_at_ms,
           EXISTS (SELECT FROM moderators m WHERE m.account_id = a.id) AS moderates
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.sha256 = %s AND s.ended_at IS NULL AND s.expires_at > now()
      AND s.generation = a.generation
"""

BEGIN = """
    WITH account AS (
        SELECT id, username, generation FROM accounts
        WHERE id = %(account)s AND generation = %(generation)s FOR SHARE
    ), begun AS (
        INSERT INTO sessions (id, sha256, account_id, generation, user_agent, expires_at)
        SELECT %(id)s, %(sha256)s, id, generation, %(user_agent)s,
               now() + make_interval(days => %(days)s)
        FROM account
    )
    SELECT username::text AS username FROM account
"""


class Session(NamedTuple):
    """`id` names it in lists and opens nothing."""

    id: str
    user_agent: str
    created_at: datetime
    expires_at: datetime
    is_this: bool


class SignedIn(NamedTuple):
    """`token` is the cookie; it is shown once."""

    account_id: int
    username: str
    token: str


class Sessions:
    def __init__(
        self,
        settings: Settings,
        postgres: PostgresStore,
        credentials: Credentials,
        attempts: Attempts,
    ) -> None:
        self._settings, self._postgres = settings, postgres
        self._credentials, self._attempts = credentials, attempts

    def sign_in(self, name: str, password: str, *, address: str, user_agent: str) -> SignedIn:
        """`name` is a username or an e-mail address, in any case.

        Raises `TooManyAttempts`; `Unauthorized`, in the same words and time for an unknown name as
        for a wrong password; `Forbidden` where the e-mail address is not confirmed yet.
        """
        settings = self._settings
        self._attempts.take(ADDRESS, address, settings.address_attempts)
        self._attempts.take(SIGN_IN, name, settings.sign_in_attempts)
        found = self._postgres.secrets_of(name)
        if not matches(found and found.password_hash, password) or found is None:
            raise Unauthorized(WRONG)
        self._attempts.give_back(ADDRESS, address)
        self._attempts.give_back(SIGN_IN, name)
        if found.email_verified_at is None:
            raise Forbidden(UNCONFIRMED)
        return self.begin(found.id, found.generation, user_agent)

    def begin(self, account_id: int, generation: int, user_agent: str) -> SignedIn:
        """A new session, unless the account's generation has moved on since it was looked at."""
        token = secrets.token_urlsafe(32)
        with self._postgres.connection() as connection:
            forget_ended(connection, "sessions")
            row = connection.execute(
                BEGIN,
                {
                    "account": account_id,
                    "generation": generation,
                    "id": secrets.token_hex(8),
                    "sha256": sha256(token),
                    "user_agent": user_agent[:200],
                    "days": self._settings.session_days,
                },
            ).fetchone()
        if row is None:
            raise Unauthorized(WRONG)
        return SignedIn(account_id, row.username, token)

    def principal(self, token: str) -> Principal:
        """Raises `Unauthorized`, or `StoreUnavailable` where nobody can say."""
        return self._credentials.find("session", sha256(token), self._read).principal

    def of_account(self, account_id: int, this: str) -> list[Session]:
        """Those that stand, newest first; `this` is the token of the one who asks."""
        with self._postgres.connection() as connection:
            rows = connection.execute(
                "SELECT s.id, s.user_agent, s.created_at, s.expires_at, s.sha256 = %s AS is_this "
                "FROM sessions s JOIN accounts a ON a.id = s.account_id "
                "WHERE a.id = %s AND s.ended_at IS NULL AND s.expires_at > now() "
                "AND s.generation = a.generation ORDER BY s.created_at DESC",
                [sha256(this), account_id],
            ).fetchall()
        return [Session(*row) for row in rows]

    def end(self, account_id: int, session_id: str) -> bool:
        """Ends one of the account's; whether there was such a one."""
        return self._end("id = %s AND account_id = %s", [session_id, account_id])

    def sign_out(self, token: str) -> None:
        self._end("sha256 = %s", [sha256(token)])

    def _end(self, which: str, values: list[object]) -> bool:
        with self._postgres.connection() as connection:
            ended = connection.execute(
                f"UPDATE sessions SET ended_at = now() WHERE {which} AND ended_at IS NULL "
                "RETURNING sha256",
                values,
            ).fetchall()
            self._credentials.doubt(("session", bytes(row.sha256)) for row in ended)
        return bool(ended)

    def _read(self, hashed: bytes) -> Known | None:
        with self._postgres.connection() as connection:
            row = connection.execute(SESSION, [hashed]).fetchone()
        if row is None:
            return None
        scopes = held(ALL_SCOPES, moderates=row.moderates)
        principal = Principal(row.id, row.username, scopes, kind="session")
        return Known(principal, row.expires_at_ms)
