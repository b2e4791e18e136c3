"""Whom does a bearer token speak for? PostgreSQL keeps only its SHA-256, so a stolen table opens
nothing.
"""

from __future__ import annotations

import secrets

from serving.auth.known import Credentials, Known, sha256
from serving.auth.scopes import held
from serving.errors import Unauthorized
from serving.principal import NOBODY, Principal
from serving.stores.postgres import PostgresStore

BEARER = """
    SELECT t.account_id, a.username::text AS username, t.scopes, t.app_id, t.kind,
           (extract(epoch FROM t.expires_at) * 1000)::bigint AS expires_at_ms,
           EXISTS (SELECT FROM moderators m WHERE m.account_id = t.account_id) AS moderates
    FROM tokens t LEFT JOIN accounts a ON a.id = t.account_id
    WHERE t.sha256 = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
      AND (t.account_id IS NULL OR t.generation = a.generation)
"""


class Tokens:
    def __init__(self, postgres: PostgresStore, credentials: Credentials) -> None:
        self._postgres, self._credentials = postgres, credentials

    def issue(self, account_id: int, scopes: list[str]) -> str:
        """A new token for the account, of no app and without an end; it is shown once."""
        token = secrets.token_urlsafe(32)
        with self._postgres.connection() as connection:
            connection.execute(
                "INSERT INTO tokens (sha256, account_id, generation, scopes) "
                "SELECT %s, id, generation, %s FROM accounts WHERE id = %s FOR SHARE",
                [sha256(token), scopes, account_id],
            )
        return token

    def principal(self, token: str) -> Principal:
        """Raises `Unauthorized`, or `StoreUnavailable` where nobody can say."""
        return self._credentials.find("token", sha256(token), self._read).principal

    def _read(self, hashed: bytes) -> Known | None:
        with self._postgres.connection() as connection:
            row = connection.execute(BEARER, [hashed]).fetchone()
        if row is None:
            return None
        principal = Principal(
            row.account_id or NOBODY,
            row.username or "",
            held(row.scopes, moderates=row.moderates),
            row.app_id,
            row.kind,
        )
        return Known(principal, row.expires_at_ms)


def bearer_token(header: str) -> str:
    """The token of an `Authorization: Bearer ...` header. Raises `Unauthorized`."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    return token.strip()
