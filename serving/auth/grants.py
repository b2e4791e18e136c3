"""What have people allowed apps to do? Codes, refresh tokens and the families they found.

All that came of one consent is a family. A code and a refresh token are good once; shown twice, one
of the two who showed it is a thief, and the whole family ends.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from serving.auth.apps import App
from serving.auth.forgetting import forget_ended
from serving.auth.known import Credentials, sha256
from serving.principal import Kind
from serving.stores.postgres import PostgresStore
from settings import Settings

CODE_SECONDS = 60
NO_CODE = "'' AS redirect_uri, '' AS code_challenge, '' AS code_challenge_method"

ADD_CODE = """
    INSERT INTO authorization_codes (sha256, app_id, account_id, generation, family_id,
        redirect_uri, scopes, code_challenge, code_challenge_method, expires_at)
    SELECT %(sha256)s, %(app)s, a.id, a.generation, %(family)s,
        %(redirect_uri)s, %(scopes)s, %(challenge)s, %(method)s,
        now() + make_interval(secs => %(seconds)s)
    FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.generation = s.generation
    WHERE s.sha256 = %(session)s AND s.ended_at IS NULL AND s.expires_at > now()
    FOR SHARE OF a
"""
STANDING = "SELECT 1 FROM accounts WHERE id = %s AND generation = %s FOR SHARE"


class Granted(NamedTuple):
    """A code or a refresh token that is good, as Authlib asks it."""

    sha256: bytes
    app_id: int
    account_id: int
    generation: int
    family_id: uuid.UUID
    scopes: list[str]
    redirect_uri: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""

    def check_client(self, client: App) -> bool:
        return self.app_id == client.id

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.scopes)


class Connected(NamedTuple):
    """An app that may act for an account, and since when."""

    app_id: int
    name: str
    scopes: list[str]
    since: datetime


class Grants:
    def __init__(
        self, settings: Settings, postgres: PostgresStore, credentials: Credentials
    ) -> None:
        self._settings, self._postgres, self._credentials = settings, postgres, credentials

    def add_code(
        self,
        code: str,
        app: App,
        session: str,
        *,
        redirect_uri: str,
        scopes: Sequence[str],
        challenge: str,
        method: str,
    ) -> bool:
        """What the one signed in by that session allows; whether the session still stands.

        PostgreSQL is asked about the session, not a cache: a consent outlives it.
        """
        with self._postgres.connection() as connection:
            forget_ended(connection, "authorization_codes")
            added = connection.execute(
                ADD_CODE,
                {
                    "sha256": sha256(code),
                    "app": app.id,
                    "family": uuid.uuid4(),
                    "redirect_uri": redirect_uri,
                    "scopes": list(scopes),
                    "challenge": challenge,
                    "method": method,
                    "seconds": CODE_SECONDS,
                    "session": sha256(session),
                },
            )
        return added.rowcount == 1

    def code(self, code: str, app: App) -> Granted | None:
        """The app's own, if it is good; one that was used before ends its family."""
        return self._once(
            "authorization_codes",
            "redirect_uri, code_challenge, code_challenge_method",
            sha256(code),
            app,
        )

    def refresh_token(self, token: str, app: App) -> Granted | None:
        """As `code`."""
        return self._once("refresh_tokens", NO_CODE, sha256(token), app)

    def redeem(
        self, table: str, granted: Granted, access: str, refresh: str | None, scopes: Sequence[str]
    ) -> bool:
        """Uses it up and adds what it is exchanged for, both or neither.

        False where all of the account has ended, or somebody else was faster: then the family has.
        """
        with self._postgres.connection() as connection:
            standing = connection.execute(STANDING, [granted.account_id, granted.generation])
            if not standing.rowcount:
                return False
            used = connection.execute(
                f"UPDATE {table} SET used_at = now() WHERE sha256 = %s AND used_at IS NULL",
                [granted.sha256],
            )
            if used.rowcount:
                self._add(connection, granted, access, refresh, scopes)
                return True
        # In a transaction of its own: the one above still holds the row it could not use up, and
        # whoever else ends this family would wait for it while it waits for them.
        with self._postgres.connection() as connection:
            self._end_family(connection, granted.family_id)
        return False

    def add_app_token(self, token: str, app: App, scopes: Sequence[str]) -> None:
        """A token of the app itself; it has no end, as in the X API."""
        kind: Kind = "oauth2_app"
        with self._postgres.connection() as connection:
            connection.execute(
                "INSERT INTO tokens (sha256, kind, app_id, scopes) VALUES (%s, %s, %s, %s)",
                [sha256(token), kind, app.id, list(scopes)],
            )

    def revoke(self, token: str, app: App) -> bool:
        """The app's own access token; or its refresh token, with the family. Whether it was one."""
        hashed = sha256(token)
        with self._postgres.connection() as connection:
            ended = connection.execute(
                "UPDATE tokens SET revoked_at = now() WHERE sha256 = %s AND app_id = %s "
                "AND revoked_at IS NULL RETURNING sha256",
                [hashed, app.id],
            ).fetchall()
            self._credentials.doubt(("token", bytes(row.sha256)) for row in ended)
            family = connection.execute(
                "SELECT family_id FROM refresh_tokens WHERE sha256 = %s AND app_id = %s",
                [hashed, app.id],
            ).fetchone()
            if family is not None:
                self._end_family(connection, family.family_id)
        return bool(ended) or family is not None

    def connected(self, account_id: int) -> list[Connected]:
        """Which apps may act for the account now, by name."""
        with self._postgres.connection() as connection:
            rows = connection.execute(
                "SELECT p.id, p.name, array_agg(DISTINCT scope), min(g.created_at) FROM ("
                "  SELECT app_id, account_id, generation, scopes, created_at FROM tokens"
                "    WHERE revoked_at IS NULL AND expires_at > now() "
                "  UNION ALL "
                "  SELECT app_id, account_id, generation, scopes, created_at FROM refresh_tokens"
                "    WHERE revoked_at IS NULL AND used_at IS NULL AND expires_at > now() "
                "  UNION ALL "
                "  SELECT app_id, account_id, generation, scopes, created_at FROM oauth1_tokens"
                "    WHERE revoked_at IS NULL"
                ") g JOIN apps p ON p.id = g.app_id "
                "JOIN accounts a ON a.id = g.account_id AND a.generation = g.generation, "
                "unnest(g.scopes) AS scope "
                "WHERE g.account_id = %s GROUP BY p.id, p.name ORDER BY p.name",
                [account_id],
            ).fetchall()
        return [Connected(*row) for row in rows]

    def disconnect(self, account_id: int, app_id: int) -> None:
        """Ends all that the account allowed the app."""
        values = [account_id, app_id]
        which = "WHERE account_id = %s AND app_id = %s AND revoked_at IS NULL"
        with self._postgres.connection() as connection:
            for realm, table in (("token", "tokens"), ("oauth1", "oauth1_tokens")):
                ended = connection.execute(
                    f"UPDATE {table} SET revoked_at = now() {which} RETURNING sha256", values
                ).fetchall()
                self._credentials.doubt((realm, bytes(row.sha256)) for row in ended)
            # After the access tokens, as in `_end_family`: in one order nobody waits in a ring.
            connection.execute(f"UPDATE refresh_tokens SET revoked_at = now() {which}", values)
            connection.execute(
                "DELETE FROM authorization_codes WHERE account_id = %s AND app_id = %s", values
            )

    def _once(self, table: str, more: str, hashed: bytes, app: App) -> Granted | None:
        revoked = "revoked_at IS NOT NULL" if table == "refresh_tokens" else "false"
        with self._postgres.connection() as connection:
            row = connection.execute(
                "SELECT sha256, app_id, account_id, t.generation, family_id, scopes, "
                f"{more}, used_at, {revoked} OR expires_at < now() "
                "OR t.generation <> a.generation AS ended "
                f"FROM {table} t JOIN accounts a ON a.id = t.account_id "
                "WHERE sha256 = %s AND app_id = %s",
                [hashed, app.id],
            ).fetchone()
            if row is None:
                return None
            *granted, used_at, ended = row
            if used_at is not None:
                self._end_family(connection, row.family_id)
        return None if ended or used_at is not None else Granted(*granted)

    def _add(
        self,
        connection: psycopg.Connection,
        granted: Granted,
        access: str,
        refresh: str | None,
        scopes: Sequence[str],
    ) -> None:
        for table in ("tokens", "refresh_tokens"):
            forget_ended(connection, table)
        shared: dict[str, Any] = granted._asdict() | {
            "access": sha256(access),
            "narrowed": list(scopes),
            "seconds": self._settings.access_token_seconds,
            "days": self._settings.refresh_token_days,
        }
        connection.execute(
            "INSERT INTO tokens "
            "(sha256, kind, account_id, generation, app_id, family_id, scopes, expires_at) "
            "VALUES (%(access)s, 'oauth2_user', %(account_id)s, %(generation)s, %(app_id)s, "
            "%(family_id)s, %(narrowed)s, now() + make_interval(secs => %(seconds)s))",
            shared,
        )
        if refresh is not None:
            connection.execute(
                "INSERT INTO refresh_tokens "
                "(sha256, account_id, generation, app_id, family_id, scopes, expires_at) "
                "VALUES (%(refresh)s, %(account_id)s, %(generation)s, %(app_id)s, %(family_id)s, "
                "%(scopes)s, now() + make_interval(days => %(days)s))",
                shared | {"refresh": sha256(refresh)},
            )

    def _end_family(self, connection: psycopg.Connection, family_id: uuid.UUID) -> None:
        ended = connection.execute(
            "UPDATE tokens SET revoked_at = now() WHERE family_id = %s AND revoked_at IS NULL "
            "RETURNING sha256",
            [family_id],
        ).fetchall()
        connection.execute(
            "UPDATE refresh_tokens SET revoked_at = now() "
            "WHERE family_id = %s AND revoked_at IS NULL",
            [family_id],
        )
        self._credentials.doubt(("token", bytes(row.sha256)) for row in ended)


def new_secret() -> str:
    return secrets.token_urlsafe(32)
