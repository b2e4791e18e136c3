"""Which tweets of the last days have this word? Read from the view `search_terms`, day by day.

A stand-in until there is a search engine: docs/decisions/0041-words-in-cassandra.md.
"""

from __future__ import annotations

from serving.pages import Candidates
from serving.paging import Cursor
from serving.stores.entries import Entries
from views.search_terms import day_of


class WordIndex:
    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def with_term(self, term: str, *, after: int, before: int) -> Candidates:
        """The tweets that have or had the term, between two ids that are not far apart."""

        def ids(at: Cursor, count: int) -> list[int]:
            upwards = at.newer_than is not None
            low = max(after, at.newer_than or 0)
            high = before if upwards else min(before, at.older_than)
            if high <= low + 1:
                return []
            days = range(day_of(high - 1), day_of(low + 1) - 1, -1)
            keys = [(term, day) for day in days]
            pages = self._entries.pages("search_terms", keys, at, count, after=after, before=before)
            found = [entry["id"] for page in pages for entry in page]
            return found[-count:] if upwards else found[:count]

        return ids
