"""Who asks? A bearer token names an account; a request without one may ask nothing under `/2`."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from typing import Any

import msgspec

from serving.errors import StoreUnavailable, Unauthorized
from serving.stores.postgres import PostgresStore
from serving.stores.redis import RedisStore

LOCAL_SECONDS = 2.0  # one process trusts its own memory this long; a revoked token ends after it
LOCAL_TOKENS = 10_000
ALL_SCOPES = [
    "tweet.read",
    "tweet.write",
    "users.read",
    "follows.read",
    "follows.write",
    "like.read",
    "like.write",
    "offline.access",
]


class Principal(msgspec.Struct, frozen=True):
    """The account that asks, and what its token allows."""

    id: int
    username: str
    scopes: frozenset[str] = frozenset()


_decode = msgspec.json.Decoder(Principal).decode
_encode = msgspec.json.Encoder().encode


def cache_key(sha256: bytes) -> str:
    return f"token:{sha256.hex()}"


class Tokens:
    """Bearer tokens. PostgreSQL keeps only their SHA-256, so a stolen table opens nothing.

    A token is looked up in this process, then in Redis, then in PostgreSQL. While PostgreSQL is
    down, those that Redis knows keep working for `token_cache_seconds`.
    """

    def __init__(self, postgres: PostgresStore, redis: RedisStore, *, cache_seconds: int) -> None:
        self._postgres, self._redis = postgres, redis
        self._cache_seconds = cache_seconds
        self._local: dict[bytes, tuple[float, Principal]] = {}
        self._lock = threading.Lock()

    def issue(self, account_id: int, scopes: list[str]) -> str:
        """A new token for the account; it is shown once and cannot be read back."""
        token = secrets.token_urlsafe(32)
        self._postgres.add_token(_hash(token), account_id, scopes)
        return token

    def principal(self, token: str) -> Principal:
        """Raises `Unauthorized`, or `StoreUnavailable` where nobody can say."""
        sha256 = _hash(token)
        known = self._local.get(sha256)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        principal = self._shared(sha256)
        with self._lock:
            if len(self._local) >= LOCAL_TOKENS:
                self._local.clear()  # all are fetched anew within two seconds anyway
            self._local[sha256] = time.monotonic() + LOCAL_SECONDS, principal
        return principal

    def _shared(self, sha256: bytes) -> Principal:
        cached = self._cached(sha256)
        if cached is not None:
            return cached
        bearer = self._postgres.bearer(sha256)
        if bearer is None:
            raise Unauthorized
        principal = Principal(bearer.account_id, bearer.username, frozenset(bearer.scopes))
        self._remember(sha256, principal)
        return principal

    def _cached(self, sha256: bytes) -> Principal | None:
        try:
            found: Any = self._redis.command("GET", cache_key(sha256))
        except StoreUnavailable:
            return None  # PostgreSQL can say
        return _decode(found) if found else None

    def _remember(self, sha256: bytes, principal: Principal) -> None:
        try:
            self._redis.command(
                "SET", cache_key(sha256), _encode(principal), "EX", self._cache_seconds
            )
        except StoreUnavailable:
            return  # PostgreSQL has just answered, and will again


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def bearer_token(header: str | None) -> str:
    """The token of an `Authorization: Bearer ...` header. Raises `Unauthorized`."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    return token.strip()
