"""Which programs may ask for people's consent, and how do they prove who they are?

An app has a client id, and a client secret if it can keep one (confidential), for OAuth 2.0; a
consumer key and secret for OAuth 1.0a and for asking on its own behalf.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import ClientMixin

from ingest.ids import IdMaker
from serving.auth.box import Box
from serving.auth.known import Credentials, sha256
from serving.auth.scopes import SCOPES, known
from serving.errors import InvalidRequest, NotFound
from serving.readable import is_readable
from serving.stores.postgres import PostgresStore

MOST_APPS, MOST_URIS, LONGEST_URI = 20, 10, 500
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
BROWSERS_OWN = ("javascript", "data", "file", "vbscript", "about", "blob", "ws", "wss", "ftp")

COLUMNS = (
    "id, owner_id, name, client_id, client_secret_sha256, consumer_key, consumer_secret, "
    "redirect_uris, scopes, created_at"
)
ISSUED = """
    SELECT 'token' AS realm, sha256 FROM tokens WHERE app_id = %(id)s AND revoked_at IS NULL
    UNION ALL
    SELECT 'oauth1', sha256 FROM oauth1_tokens WHERE app_id = %(id)s AND revoked_at IS NULL
"""


class Row(NamedTuple):
    id: int
    owner_id: int
    name: str
    client_id: str
    client_secret_sha256: bytes | None
    consumer_key: str
    consumer_secret: str  # shut in a `Box`
    redirect_uris: list[str]
    scopes: list[str]
    created_at: datetime


class App(Row, ClientMixin):
    """An app as a client of OAuth 2.0, in the words that Authlib asks it."""

    @property
    def confidential(self) -> bool:
        return self.client_secret_sha256 is not None

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None  # it must always be said, as in the X API

    def get_allowed_scope(self, scope: str) -> str | None:
        asked = (scope or "").split()
        return " ".join(asked) if asked and set(self.scopes) >= set(asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris  # exactly, no prefix

    def check_client_secret(self, client_secret: str) -> bool:
        mine = self.client_secret_sha256
        return mine is not None and hmac.compare_digest(bytes(mine), sha256(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method != "none") if self.confidential else (method == "none")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


class Made(NamedTuple):
    """Its secrets are shown once; `client_secret` is None for a public app."""

    app: App
    client_secret: str | None
    consumer_secret: str


class Apps:
    def __init__(
        self, postgres: PostgresStore, credentials: Credentials, ids: IdMaker, box: Box
    ) -> None:
        self._postgres, self._credentials = postgres, credentials
        self._ids, self._box = ids, box

    def create(
        self,
        owner_id: int,
        name: str,
        redirect_uris: Sequence[str],
        scopes: Sequence[str],
        *,
        confidential: bool,
    ) -> Made:
        """Raises `InvalidRequest` naming the parameter."""
        if len(name) > 50 or not is_readable(name):
            raise InvalidRequest("An app's name has 1 to 50 readable characters.", name=name[:60])
        uris = [redirect_uri(uri) for uri in dict.fromkeys(redirect_uris)]
        if len(uris) > MOST_URIS:
            raise InvalidRequest(f"At most {MOST_URIS} addresses.", redirect_uris="...")
        if not known(list(scopes)):
            unknown = ",".join(sorted(set(scopes) - SCOPES.keys()))
            raise InvalidRequest("Name at least one scope, of those there are.", scopes=unknown)
        client_secret = secrets.token_urlsafe(32) if confidential else None
        consumer_secret = secrets.token_urlsafe(32)
        with self._postgres.connection() as connection:
            owner = "SELECT 1 FROM accounts WHERE id = %s FOR UPDATE"  # counts one at a time
            connection.execute(owner, [owner_id])
            row = connection.execute(
                f"INSERT INTO apps ({COLUMNS}) SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, now() "
                f"WHERE (SELECT count(*) FROM apps WHERE owner_id = %s) < %s RETURNING {COLUMNS}",
                [
                    *(self._ids.next(), owner_id, name, secrets.token_urlsafe(24)),
                    *(client_secret and sha256(client_secret), secrets.token_urlsafe(18)),
                    *(self._box.shut(consumer_secret), uris, list(dict.fromkeys(scopes))),
                    *(owner_id, MOST_APPS),
                ],
            ).fetchone()
        if row is None:
            raise InvalidRequest(f"An account has at most {MOST_APPS} apps.", name=name)
        return Made(App(*row), client_secret, consumer_secret)

    def of_owner(self, owner_id: int) -> list[App]:
        """Newest first."""
        return self._all("owner_id = %s ORDER BY id DESC", [owner_id])

    def own(self, owner_id: int, app_id: int) -> App:
        """Raises `NotFound` for somebody else's too."""
        found = self._all("owner_id = %s AND id = %s", [owner_id, app_id])
        if not found:
            raise NotFound("app", str(app_id), "id")
        return found[0]

    def by_client_id(self, client_id: str) -> App | None:
        return next(iter(self._all("client_id = %s", [client_id])), None)

    def by_consumer_key(self, key: str) -> App | None:
        return next(iter(self._all("consumer_key = %s", [key])), None)

    def consumer_secret(self, app: App) -> str:
        return self._box.open(app.consumer_secret)

    def new_client_secret(self, owner_id: int, app_id: int) -> str:
        """Raises `NotFound`, `InvalidRequest` for a public app. The old one ends at once."""
        if not self.own(owner_id, app_id).confidential:
            raise InvalidRequest("A public app has no client secret.", id=str(app_id))
        secret = secrets.token_urlsafe(32)
        with self._postgres.connection() as connection:
            connection.execute(
                "UPDATE apps SET client_secret_sha256 = %s WHERE id = %s", [sha256(secret), app_id]
            )
        return secret

    def new_consumer_secret(self, owner_id: int, app_id: int) -> str:
        """Raises `NotFound`. Requests signed with the old one are refused within seconds."""
        self.own(owner_id, app_id)
        secret = secrets.token_urlsafe(32)
        with self._postgres.connection() as connection:
            connection.execute(
                "UPDATE apps SET consumer_secret = %s WHERE id = %s",
                [self._box.shut(secret), app_id],
            )
            issued = connection.execute(ISSUED, {"id": app_id}).fetchall()
            self._credentials.doubt((row.realm, bytes(row.sha256)) for row in issued)
        return secret

    def delete(self, owner_id: int, app_id: int) -> None:
        """With all that it was granted. Raises `NotFound`."""
        self.own(owner_id, app_id)
        with self._postgres.connection() as connection:
            # Whoever issues a token of the app waits for this lock, or was before it.
            connection.execute("SELECT 1 FROM apps WHERE id = %s FOR UPDATE", [app_id])
            issued = connection.execute(ISSUED, {"id": app_id}).fetchall()
            self._credentials.doubt((row.realm, bytes(row.sha256)) for row in issued)
            connection.execute("DELETE FROM apps WHERE id = %s", [app_id])

    def _all(self, which: str, values: list[object]) -> list[App]:
        if any(isinstance(value, str) and not value.isprintable() for value in values):
            return []
        with self._postgres.connection() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM apps WHERE {which}", values
            ).fetchall()
        return [App(*row) for row in rows]


def redirect_uri(text: str) -> str:
    """An address that consent may be sent to: https, a loopback, or an app's own scheme.

    Raises `InvalidRequest`.
    """
    wrong = InvalidRequest(
        "An address is https://..., http:// on this machine, or has an app's own scheme; it has no "
        "fragment.",
        redirect_uris=text[:100],
    )
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise wrong from None
    plain = text.isascii() and text.isprintable() and not set(' "<>\\^`{|}') & set(text)
    if not plain or len(text) > LONGEST_URI or "#" in text or not parts.scheme:
        raise wrong
    if parts.scheme in ("http", "https"):
        loopback = host in LOOPBACK or f"[{host}]" in LOOPBACK
        if not host or parts.username or (parts.scheme == "http" and not loopback):
            raise wrong
    elif parts.scheme in BROWSERS_OWN:
        raise wrong
    return text
