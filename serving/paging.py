"""Which part of a list is a page, and how does a client ask for the next one?

Pages are cut by tweet id, never by offset: entries that arrive meanwhile are newer than every page
handed out, so nothing is missed and nothing comes twice. A page token is signed, and holds for one
list of one reader.

>>> cut([9, 7, 5, 3, 1], Cursor(older_than=7), limit=2)
[5, 3]
>>> cut([9, 7, 5, 3, 1], Cursor(newer_than=3), limit=2)
[7, 5]
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from typing import NamedTuple

import itsdangerous

from serving.errors import InvalidRequest

NEWEST = 2**63 - 1


class Cursor(NamedTuple):
    """Where a page begins: below `older_than`, or just above `newer_than` going back up."""

    older_than: int = NEWEST
    newer_than: int | None = None


def cut(ids: list[int], cursor: Cursor, limit: int) -> list[int]:
    """The page of `ids` (newest first, each once) at the cursor; newest first."""
    if cursor.newer_than is not None:
        end = bisect_left(ids, -cursor.newer_than, key=int.__neg__)
        return ids[max(0, end - limit) : end]
    start = bisect_right(ids, -cursor.older_than, key=int.__neg__)
    return ids[start : start + limit]


class PageTokens:
    """Signs cursors for a list, such as `home/1234`, and reads them back for that list only."""

    def __init__(self, key: str) -> None:
        self._key = key

    def next(self, list_name: str, oldest_id: int) -> str:
        return self._sign(list_name, f"o{oldest_id:x}")

    def previous(self, list_name: str, newest_id: int) -> str:
        return self._sign(list_name, f"n{newest_id:x}")

    def cursor(self, list_name: str, token: str) -> Cursor:
        """Raises `InvalidRequest` for a token that was not made for this list."""
        try:
            text = self._signer(list_name).unsign(token).decode()
            id = int(text[1:], 16)
        except (itsdangerous.BadSignature, ValueError):
            raise InvalidRequest(
                "The `pagination_token` query parameter value is not valid for this list",
                pagination_token=token,
            ) from None
        return Cursor(older_than=id) if text[0] == "o" else Cursor(newer_than=id)

    def _sign(self, list_name: str, text: str) -> str:
        return self._signer(list_name).sign(text).decode()

    def _signer(self, list_name: str) -> itsdangerous.Signer:
        return itsdangerous.Signer(self._key, salt=list_name, digest_method=hashlib.sha256)
