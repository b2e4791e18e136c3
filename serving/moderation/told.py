"""What was decided, and what is somebody told of it? Lists by time, latest first.

A place in such a list is a time and a tweet's id in one number, so that its pages are cut as all
others are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from serving.moderation.cases import Cases, select
from serving.paging import NEWEST
from views.moderation_audit import DAY_MS, EVERYBODY

Row = dict[str, Any]

DAYS_AT_ONCE = 31
ROUNDS = 12  # a page of the audit looks back a year; the next goes on from there
TIE = 10  # more than can be said of one tweet in one millisecond
BEFORE = "(at_ms, tweet_id) < (?, ?) LIMIT ?"
AUDIT = select("moderation_audit", f"moderator_id = ? AND day = ? AND {BEFORE}")
NOTICES = select("moderation_notices", f"author_id = ? AND {BEFORE}")
OF_TWEET = select("moderation_history", "tweet_id = ? AND at_ms <= ? LIMIT ?")
REPORTS_MADE = select("reports_made", "reporter_id = ? AND tweet_id < ? LIMIT ?")


def number(at_ms: int, tweet_id: int) -> int:
    """A place between what is listed."""
    return at_ms << 64 | tweet_id


def _place(number: int) -> tuple[int, int]:
    return number >> 64, number & (1 << 64) - 1


class Told:
    """Each method gives up to `limit` rows and the number at which the next page begins, or None.
    May raise `StoreUnavailable`.
    """

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def decisions(
        self, moderator_id: int | None, before: int | None, limit: int, now_ms: int
    ) -> tuple[list[Row], int | None]:
        """Of one moderator or of all."""
        at_ms, tweet_id = (now_ms + DAY_MS, NEWEST) if before is None else _place(before)
        who = EVERYBODY if moderator_id is None else moderator_id
        found: list[Row] = []
        days = list(self._days(at_ms))
        for first in range(0, len(days), DAYS_AT_ONCE):
            some = days[first : first + DAYS_AT_ONCE]
            bound = [(AUDIT, (who, day, at_ms, tweet_id, limit + 1)) for day in some]
            found += [row for rows in self._cases.ask(bound) for row in rows]
            if len(found) > limit:
                return _cut(found, limit)
        more = days[-1] > 0 if days else False
        return found, number(days[-1] * DAY_MS, 0) if more else None

    def notices(
        self, author_id: int, before: int | None, limit: int
    ) -> tuple[list[Row], int | None]:
        place = (NEWEST, NEWEST) if before is None else _place(before)
        (rows,) = self._cases.ask([(NOTICES, (author_id, *place, limit + 1))])
        return _cut(rows, limit)

    def of_tweet(
        self, tweet_id: int, before: int | None, limit: int
    ) -> tuple[list[Row], int | None]:
        """All that was said of the tweet. What was said in one millisecond stays on one page."""
        newest = NEWEST if before is None else before
        (rows,) = self._cases.ask([(OF_TWEET, (tweet_id, newest, limit + TIE))])
        if len(rows) <= limit:
            return rows, None
        end = limit
        while end < len(rows) and rows[end]["at_ms"] == rows[limit - 1]["at_ms"]:
            end += 1
        return rows[:end], rows[end - 1]["at_ms"] - 1

    def reports(
        self, reporter_id: int, before: int | None, limit: int
    ) -> tuple[list[Row], int | None]:
        older_than = NEWEST if before is None else before
        (rows,) = self._cases.ask([(REPORTS_MADE, (reporter_id, older_than, limit + 1))])
        return rows[:limit], rows[limit - 1]["tweet_id"] if len(rows) > limit else None

    def _days(self, at_ms: int) -> Iterator[int]:
        last = max(0, at_ms) // DAY_MS
        yield from range(last, max(-1, last - DAYS_AT_ONCE * ROUNDS), -1)


def _cut(rows: list[Row], limit: int) -> tuple[list[Row], int | None]:
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], number(last["at_ms"], last["tweet_id"])
