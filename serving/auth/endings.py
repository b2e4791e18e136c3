"""How does everything end that was signed in to an account?

The account's generation moves on: what was issued in an older one is no proof any more, whichever
table it lies in, in the transaction that says why. Every cache doubts each of them before that
transaction commits (`serving.auth.known`).
"""

from __future__ import annotations

from contextlib import suppress

import psycopg

from serving.auth.known import Credentials
from serving.errors import StoreUnavailable
from serving.stores.redis import RedisStore

ISSUED = """
    SELECT 'token' AS realm, sha256 FROM tokens
    WHERE account_id = %(id)s AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > now() - interval '1 minute')
    UNION ALL
    SELECT 'session', sha256 FROM sessions WHERE account_id = %(id)s AND ended_at IS NULL
    UNION ALL
    SELECT 'oauth1', sha256 FROM oauth1_tokens WHERE account_id = %(id)s AND revoked_at IS NULL
"""


class Endings:
    def __init__(self, credentials: Credentials, redis: RedisStore) -> None:
        self._credentials, self._redis = credentials, redis

    def of_account(self, connection: psycopg.Connection, account_id: int) -> None:
        """Ends all that the account has signed in, once the transaction commits.

        Whoever issues something meanwhile holds a share lock on the account's row, so it is either
        seen here or is issued in the new generation. Raises `StoreUnavailable`.
        """
        connection.execute(
            "UPDATE accounts SET generation = generation + 1 WHERE id = %s", [account_id]
        )
        issued = connection.execute(ISSUED, {"id": account_id}).fetchall()
        self._credentials.doubt((row.realm, bytes(row.sha256)) for row in issued)

    def tell(self, account_id: int) -> None:
        """Tells those who hold a connection open for the account. Call after the commit."""
        with suppress(StoreUnavailable):
            self._redis.command("PUBLISH", f"ended:{account_id}", "")
