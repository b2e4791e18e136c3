"""Was this very request made before, and what came of it?

A client that sends `Idempotency-Key` with a POST may send it again when the answer was lost. The
key is kept in PostgreSQL with what was asked, and with an id set aside for what the request makes.
So a retry gets the answer of the first, once that is done; and where the first died half way, the
retry makes the thing under the same id, which every view counts once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from flask import Response

from serving.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidRequest
from serving.stores.postgres import PostgresStore

HEADER = "idempotency-key"
REPLAYED = "idempotency-replayed"
LONGEST_KEY = 255
KEPT_HOURS = 24
LOCK_SECONDS = 30  # a request takes no longer; one that died frees its key after it
KEPT_HEADERS = ("content-type", "x-log-position")

_BEGIN = f"""
INSERT INTO idempotency_keys AS k (who, key, asked, made_id, locked_until)
VALUES (%(who)s, %(key)s, %(asked)s, %(made_id)s, now() + interval '{LOCK_SECONDS} seconds')
ON CONFLICT (who, key) DO UPDATE SET
    asked = excluded.asked,
    locked_until = excluded.locked_until,
    made_id = CASE WHEN k.created_at < now() - interval '{KEPT_HOURS} hours'
        THEN excluded.made_id ELSE k.made_id END,
    created_at = CASE WHEN k.created_at < now() - interval '{KEPT_HOURS} hours'
        THEN now() ELSE k.created_at END,
    answer = NULL
WHERE k.created_at < now() - interval '{KEPT_HOURS} hours'
    OR (k.answer IS NULL AND k.locked_until < now() AND k.asked = excluded.asked)
RETURNING made_id
"""
_STANDING = "SELECT asked, answer FROM idempotency_keys WHERE who = %(who)s AND key = %(key)s"
_DONE = "UPDATE idempotency_keys SET answer = %(answer)s WHERE who = %(who)s AND key = %(key)s"
_FREE = "UPDATE idempotency_keys SET locked_until = now() WHERE who = %(who)s AND key = %(key)s"
_FORGET = f"""
DELETE FROM idempotency_keys WHERE (who, key) IN (
    SELECT who, key FROM idempotency_keys
    WHERE created_at < now() - interval '{KEPT_HOURS} hours' LIMIT 20)
"""


class Kept(msgspec.Struct):
    """An answer as it is kept."""

    status: int
    headers: dict[str, str]
    body: bytes


class Claim(NamedTuple):
    """This request may do its work, and calls what it makes `made_id`."""

    who: str
    key: str
    made_id: int


class Idempotency:
    """Every method may raise `StoreUnavailable`: without its memory a retry would not be safe."""

    def __init__(self, postgres: PostgresStore, new_id: Callable[[], int]) -> None:
        self._postgres, self._new_id = postgres, new_id

    def begin(self, who: str, key: str, asked: bytes) -> Claim | Response:
        """A claim, or the answer there was. `asked` is the fingerprint of the request.

        Raises `IdempotencyKeyReused` where the key came with another request, `IdempotencyKeyInUse`
        while the first is under way, `InvalidRequest` for what is no key.
        """
        if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise InvalidRequest(
                f"The Idempotency-Key header does not have 1 to {LONGEST_KEY} ASCII characters",
                **{HEADER: key[:LONGEST_KEY]},
            )
        bound = {"who": who, "key": key, "asked": asked, "made_id": self._new_id()}
        with self._postgres.connection() as connection:
            claimed = connection.execute(_BEGIN, bound).fetchone()
            if claimed is not None:
                connection.execute(_FORGET)
                return Claim(who, key, claimed.made_id)
            standing = connection.execute(_STANDING, bound).fetchone()
        if standing is None or (bytes(standing.asked) == asked and standing.answer is None):
            raise IdempotencyKeyInUse(LOCK_SECONDS)
        if bytes(standing.asked) != asked:
            raise IdempotencyKeyReused
        kept = msgspec.msgpack.decode(bytes(standing.answer), type=Kept)
        return Response(kept.body, kept.status, kept.headers | {REPLAYED: "true"})

    def finish(self, claim: Claim, response: Response) -> None:
        """Keeps the answer. One of a moment (5xx, 429) is not: the retry may fare better."""
        where = {"who": claim.who, "key": claim.key}
        if response.status_code >= 500 or response.status_code == 429:
            self._execute(_FREE, where)
            return
        headers = {name: v for name in KEPT_HEADERS if (v := response.headers.get(name))}
        kept = Kept(response.status_code, headers, response.get_data())
        self._execute(_DONE, where | {"answer": msgspec.msgpack.encode(kept)})

    def _execute(self, statement: str, bound: dict[str, object]) -> None:
        with self._postgres.connection() as connection:
            connection.execute(statement, bound)


def fingerprint(method: str, path: str, query: bytes, body: bytes) -> bytes:
    """SHA-256 of what is asked; requests that differ in it are different requests."""
    parts = (method.encode(), path.encode(), query, body)
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).digest()
