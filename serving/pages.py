"""How is a page filled, when not all that is listed may be shown?

Ids come first, newest first; then what may be seen of them. What is gone or left out is replaced by
what comes after it, so a page is short only at the end of its list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from serving.paging import NEWEST, Cursor
from serving.rows import Found

MAX_ROUNDS = 8  # of filling a page; each looks at twice as many for each row that is missing
AT_ONCE = 200  # candidates looked at in one round, at most


class Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Row)

Candidates = Callable[[Cursor, int], list[int]]
"""Up to so many ids at a cursor, newest first; fewer only where the list ends."""
Seen = Callable[[list[int]], tuple[list[R], Found]]
"""What may be shown of these ids, in their order, and what else was found for it."""


@dataclass
class Page(Generic[R]):
    """`older_than` and `newer_than` are where the pages next to it begin; None where none are."""

    rows: list[R]
    found: Found
    older_than: int | None = None
    newer_than: int | None = None


def fill(
    candidates: Candidates,
    seen: Seen[R],
    cursor: Cursor,
    limit: int,
    id_of: Callable[[R], int] = lambda row: row.id,
) -> Page[R]:
    """A page of `limit`; looks at one more than it needs, to know whether more follow.

    `id_of` gives the id by which a row is listed, where that is not its own.
    """
    rows: list[R] = []
    found = Found()
    upwards = cursor.newer_than is not None
    at, left = cursor, True
    for round in range(MAX_ROUNDS):
        missing = limit + 1 - len(rows)
        wanted = max(missing, min(missing << round, AT_ONCE))
        ids = candidates(at, wanted)
        left = len(ids) == wanted
        if ids:
            shown, more = seen(ids)
            found.add(more)
            rows = shown + rows if upwards else rows + shown
            at = Cursor(newer_than=ids[0]) if upwards else Cursor(older_than=ids[-1])
        if not left or len(rows) > limit:
            break
    beyond = len(rows) > limit
    if upwards:
        page = Page(rows[-limit:], found)
        # Where many were gone or left out, the next page goes on from where this one stopped.
        page.newer_than = id_of(page.rows[0]) if beyond else at.newer_than if left else None
        page.older_than = id_of(page.rows[-1]) if rows else (cursor.newer_than or 0) + 1
    else:
        page = Page(rows[:limit], found)
        page.older_than = id_of(page.rows[-1]) if beyond else at.older_than if left else None
        if cursor.older_than != NEWEST:
            page.newer_than = id_of(page.rows[0]) if rows else cursor.older_than - 1
    return page
