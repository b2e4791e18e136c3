"""`starling as-of`: what would the API have said at a time?"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from batch import silver
from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.commits import last_run
from replay.as_of import AsOf
from settings import Settings, load


def as_of(when: str, what: str, id: int) -> int:
    """Prints the answer as JSON. Returns 1 where it is none but errors, 2 for no time.

    Raises `BatchFailed` where the archive is behind a time that is hardly over.
    """
    try:
        when_ms = milliseconds(when)
    except ValueError as error:
        print(f"starling: {error}", file=sys.stderr)
        return 2
    settings = load()
    bring_up(settings, when_ms)
    past = AsOf(settings, when_ms)
    answer = {"tweet": past.tweet, "user": past.user, "home": past.home}[what](id)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return int("errors" in answer)


def milliseconds(when: str) -> int:
    """Of a time of ISO 8601 with its zone. Raises `ValueError`.

    >>> milliseconds("2026-11-28T00:00:00Z")
    1795824000000
    """
    time = datetime.fromisoformat(when)
    if time.tzinfo is None:
        raise ValueError(f"say in which time zone {when} is, such as {when}Z")
    return int(time.timestamp() * 1000)


def bring_up(settings: Settings, when_ms: int) -> None:
    """Has silver hold all that came before that time."""
    tables.create(settings)
    runs = [last_run(table, settings) for table in tables.silver_tables()]
    through = min(run.through if run else 0 for run in runs)
    if through * settings.epoch_ms < when_ms:
        silver.catch_up(settings, EVENT_TOPICS)
