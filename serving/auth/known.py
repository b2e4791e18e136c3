"""What does this process know of a credential, and how soon does it forget one that has ended?

A credential is looked up in this process, then in Redis, then in PostgreSQL, by its SHA-256. What
ends one writes a doubt in Redis *before* PostgreSQL commits:

    ender    within its transaction: ends rows, puts a doubt for each, commits
    reader   finds a doubt: believes nobody but PostgreSQL, and may not fill Redis while it stands

so a reader who saw the row as it was before the commit cannot bring it back to Redis after it, and
the process's own memory holds it for two seconds more at most. A doubt whose commit failed costs
round trips to PostgreSQL and nothing else. While PostgreSQL is down, what Redis knows and does not
doubt keeps working for `token_cache_seconds`.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from serving.errors import StoreUnavailable, Unauthorized
from serving.principal import Principal
from serving.stores.redis import Command, RedisStore

LOCAL_SECONDS = 2.0  # one process trusts its own memory this long
LOCAL_CREDENTIALS = 10_000
LEAST_DOUBT_SECONDS = 60  # longer than any read of PostgreSQL may take
DOUBT = b"?"

Realm = Literal["token", "session", "oauth1"]
"""Where a credential may be shown: one of a realm is nothing in another."""


class Known(msgspec.Struct, frozen=True):
    """Whom a credential speaks for. `secrets` are those of OAuth 1.0a, still encrypted."""

    principal: Principal
    expires_at_ms: int | None = None
    secrets: tuple[str, ...] = ()

    def milliseconds_left(self) -> int | None:
        return None if self.expires_at_ms is None else self.expires_at_ms - time.time_ns() // 10**6


_decode = msgspec.json.Decoder(Known).decode
_encode = msgspec.json.Encoder().encode


def sha256(secret: str) -> bytes:
    """What is kept of a secret with enough randomness that nobody can guess it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def cache_key(realm: Realm, hashed: bytes) -> str:
    return f"{realm}:{hashed.hex()}"


class Credentials:
    def __init__(self, redis: RedisStore, *, cache_seconds: int) -> None:
        self._redis, self._cache_seconds = redis, cache_seconds
        self._local: dict[str, tuple[float, Known]] = {}
        self._lock = threading.Lock()

    def find(self, realm: Realm, hashed: bytes, read: Callable[[bytes], Known | None]) -> Known:
        """What is known of it; `read` asks PostgreSQL.

        Raises `Unauthorized` for an unknown or ended one, `StoreUnavailable` where nobody can say.
        """
        key = cache_key(realm, hashed)
        until, known = self._local.get(key, (0.0, None))
        if known is None or until <= time.monotonic():
            known = self._shared(key) or self._exact(key, hashed, read)
            with self._lock:
                if len(self._local) >= LOCAL_CREDENTIALS:
                    self._local.clear()  # all are fetched anew within two seconds anyway
                self._local[key] = time.monotonic() + LOCAL_SECONDS, known
        left = known.milliseconds_left()
        if left is not None and left <= 0:
            raise Unauthorized
        return known

    def doubt(self, ended: Iterable[tuple[Realm, bytes]]) -> None:
        """Call within the transaction that ends them. Raises `StoreUnavailable`: then end nothing.

        A doubt outlives every read of PostgreSQL that began before it.
        """
        seconds = max(self._cache_seconds, LEAST_DOUBT_SECONDS)
        commands: list[Command] = [
            ("SET", cache_key(realm, hashed), DOUBT, "EX", seconds) for realm, hashed in ended
        ]
        with self._lock:
            for command in commands:
                self._local.pop(str(command[1]), None)
        if commands:
            self._redis.pipeline(commands)

    def _shared(self, key: str) -> Known | None:
        try:
            found = self._redis.command("GET", key)
        except StoreUnavailable:
            return None  # PostgreSQL can say
        if not found or found == DOUBT:
            return None
        try:
            return _decode(found)
        except msgspec.DecodeError:
            return None  # another version of this code wrote it

    def _exact(self, key: str, hashed: bytes, read: Callable[[bytes], Known | None]) -> Known:
        known = read(hashed)
        if known is None:
            raise Unauthorized
        left = known.milliseconds_left()
        cache_ms = self._cache_seconds * 1000
        life_ms = cache_ms if left is None else min(left, cache_ms)
        try:
            if life_ms > 0:
                self._redis.command("SET", key, _encode(known), "PX", life_ms, "NX")
        except StoreUnavailable:
            pass  # PostgreSQL has just answered, and will again
        return known
