"""Which tweets may not trend, by what moderation has said of them so far?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb

from ingest.events.columns import event_of
from views.contract import Put
from views.moderation_states import project
from views.trends.uses import may_trend

AT_ONCE = 10_000  # records held in memory at a time

# Of most tweets one score says that nothing is to be done: they are not looked at one by one.
SAID = """
SELECT * FROM moderation_log
WHERE kind IN ('TweetScored', 'ReviewDecided') AND tweet_id IN (
  SELECT tweet_id FROM moderation_log
  WHERE at_ms >= $since_ms AND (kind = 'ReviewDecided' OR action NOT IN ('allow', 'label'))
) ORDER BY tweet_id, pos
"""


def doubtful(database: duckdb.DuckDBPyConnection, since_ms: int) -> Iterator[int]:
    """The ids, of tweets of which something was decided since, by `moderation_log`."""
    for tweet_id, records in groupby(_records(database, since_ms), lambda r: int(r["tweet_id"])):
        changes = [change for record in records for change in project(event_of(record))]
        if not may_trend({c.key[1]: c.row for c in changes if isinstance(c, Put)}):
            yield tweet_id


def _records(database: duckdb.DuckDBPyConnection, since_ms: int) -> Iterator[Mapping[str, Any]]:
    found = database.execute(SAID, {"since_ms": since_ms})
    names = [column[0] for column in found.description or ()]
    while rows := found.fetchmany(AT_ONCE):
        yield from (dict(zip(names, values, strict=True)) for values in rows)
