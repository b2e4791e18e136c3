"""What does OAuth 1.0a keep? Temporary credentials while somebody decides, then a token.

Tokens are found by their SHA-256; their secrets sign requests and lie shut in a `Box`.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from authlib.oauth1.rfc5849.models import TemporaryCredentialMixin

from serving.auth.apps import App
from serving.auth.box import Box
from serving.auth.forgetting import forget_ended
from serving.auth.known import Credentials, Known, sha256
from serving.auth.scopes import held
from serving.principal import Principal
from serving.stores.postgres import PostgresStore

OUT_OF_BAND = "oob"
MINUTES_TO_DECIDE = 15

TOKEN = """
    SELECT t.account_id, a.username::text AS username, p.id AS app_id, t.scopes, p.consumer_key,
           p.consumer_secret, t.secret,
           EXISTS (SELECT FROM moderators m WHERE m.account_id = t.account_id) AS moderates
    FROM oauth1_tokens t
    JOIN accounts a ON a.id = t.account_id AND a.generation = t.generation
    JOIN apps p ON p.id = t.app_id
    WHERE t.sha256 = %s AND t.revoked_at IS NULL
"""
ALLOW = """
    UPDATE oauth1_requests r
    SET account_id = a.id, generation = a.generation, verifier_sha256 = %(verifier)s
    FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.generation = s.generation
    WHERE s.sha256 = %(session)s AND s.ended_at IS NULL AND s.expires_at > now()
      AND r.sha256 = %(request)s AND r.expires_at > now() AND r.account_id IS NULL
"""
EXCHANGE = """
    WITH r AS (DELETE FROM oauth1_requests WHERE sha256 = %(request)s RETURNING *)
    INSERT INTO oauth1_tokens (sha256, secret, app_id, scopes, account_id, generation)
    SELECT %(sha256)s, %(secret)s, r.app_id, r.scopes, r.account_id, r.generation
    FROM r JOIN accounts a ON a.id = r.account_id AND a.generation = r.generation
    FOR SHARE OF a
"""


class Pair(NamedTuple):
    """A token and its secret, shown once."""

    token: str
    secret: str

    def get_oauth_token(self) -> str:
        return self.token

    def get_oauth_token_secret(self) -> str:
        return self.secret


class Row(NamedTuple):
    token: str
    secret: str
    app_id: int
    app_name: str
    scopes: list[str]
    callback: str
    account_id: int | None
    username: str | None
    verifier_sha256: bytes | None


class Pending(Row, TemporaryCredentialMixin):
    """Temporary credentials, as Authlib asks them; `account_id` is who agreed."""

    def get_oauth_token(self) -> str:
        return self.token

    def get_oauth_token_secret(self) -> str:
        return self.secret

    def get_redirect_uri(self) -> str:
        return self.callback

    def check_verifier(self, verifier: str) -> bool:
        kept = self.verifier_sha256
        return kept is not None and hmac.compare_digest(bytes(kept), sha256(verifier))


class OAuth1Credentials:
    def __init__(self, postgres: PostgresStore, credentials: Credentials, box: Box) -> None:
        self._postgres, self._credentials, self._box = postgres, credentials, box

    def begin(self, app: App, callback: str, scopes: Sequence[str]) -> Pair:
        pair = Pair(secrets.token_urlsafe(24), secrets.token_urlsafe(32))
        with self._postgres.connection() as connection:
            forget_ended(connection, "oauth1_requests")
            connection.execute(
                "INSERT INTO oauth1_requests (sha256, secret, app_id, callback, scopes, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, now() + make_interval(mins => %s))",
                [
                    *(sha256(pair.token), self._box.shut(pair.secret), app.id, callback),
                    *(list(scopes), MINUTES_TO_DECIDE),
                ],
            )
        return pair

    def pending(self, token: str) -> Pending | None:
        with self._postgres.connection() as connection:
            row = connection.execute(
                "SELECT r.secret, r.app_id, p.name, r.scopes, r.callback, r.account_id, "
                "a.username::text AS username, r.verifier_sha256 "
                "FROM oauth1_requests r JOIN apps p ON p.id = r.app_id "
                "LEFT JOIN accounts a ON a.id = r.account_id "
                "WHERE r.sha256 = %s AND r.expires_at > now()",
                [sha256(token)],
            ).fetchone()
        if row is None:
            return None
        secret, *rest = row
        return Pending(token, self._box.open(secret), *rest)

    def allow(self, pending: Pending, session: str) -> str | None:
        """The verifier; None where the session has ended or somebody has decided already.

        What a person has to type is short: a wrong one ends the request, so nobody tries many.
        """
        typed = pending.callback == OUT_OF_BAND
        verifier = f"{secrets.randbelow(10**7):07}" if typed else secrets.token_urlsafe(24)
        values = {
            "verifier": sha256(verifier),
            "session": sha256(session),
            "request": sha256(pending.token),
        }
        with self._postgres.connection() as connection:
            allowed = connection.execute(ALLOW, values).rowcount
        return verifier if allowed else None

    def forget(self, token: str) -> None:
        with self._postgres.connection() as connection:
            connection.execute("DELETE FROM oauth1_requests WHERE sha256 = %s", [sha256(token)])

    def exchange(self, pending: Pending) -> Pair | None:
        """A token for the temporary credentials, once; None where somebody was faster."""
        pair = Pair(f"{pending.account_id}-{secrets.token_urlsafe(30)}", secrets.token_urlsafe(32))
        values = {
            "request": sha256(pending.token),
            "sha256": sha256(pair.token),
            "secret": self._box.shut(pair.secret),
        }
        with self._postgres.connection() as connection:
            return pair if connection.execute(EXCHANGE, values).rowcount else None

    def known(self, token: str) -> Known:
        """`secrets` are the app's consumer key, its secret and the token's, the last two shut.

        Raises `Unauthorized`, `StoreUnavailable`.
        """
        return self._credentials.find("oauth1", sha256(token), self._read)

    def open(self, shut: str) -> str:
        return self._box.open(shut)

    def revoke(self, token: str) -> None:
        hashed = sha256(token)
        with self._postgres.connection() as connection:
            connection.execute(
                "UPDATE oauth1_tokens SET revoked_at = now() WHERE sha256 = %s", [hashed]
            )
            self._credentials.doubt([("oauth1", hashed)])

    def _read(self, hashed: bytes) -> Known | None:
        with self._postgres.connection() as connection:
            row = connection.execute(TOKEN, [hashed]).fetchone()
        if row is None:
            return None
        scopes = held(row.scopes, moderates=row.moderates)
        principal = Principal(row.account_id, row.username, scopes, row.app_id, "oauth1")
        return Known(principal, secrets=(row.consumer_key, row.consumer_secret, row.secret))
