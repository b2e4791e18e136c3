"""How does a test play events through the speed layer, and read what it has made of them?"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable

import msgspec
import redis

from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import Event
from ingest.events.tweets import ids_of
from replay.waiting import wait_applied
from settings import Settings
from views.contract import FoldView
from views.seam import counts_key, read_counts
from views.timelines import home_key, settle, user_key

JOBS = ("fanout", "state", "folds")
_worlds = itertools.count(time.time_ns() // 1_000_000 << 20, 1_000_000)


def world() -> int:
    """A number to add to all ids of a test, so that it meets nobody else's."""
    return next(_worlds)


def moved(event: Event, world: int) -> Event:
    """The same event in another world: every id in it is raised."""
    ids = {
        name: value + world
        for name in event.__struct_fields__
        if (name == "id" or name.endswith("_id")) and (value := getattr(event, name)) is not None
    }
    many = {
        name: ",".join(str(id + world if id else 0) for id in ids_of(value))
        for name in event.__struct_fields__
        if name.endswith("_ids") and (value := getattr(event, name)) is not None
    }
    return msgspec.structs.replace(event, **ids, **many)


def play(settings: Settings, events: Iterable[Event], jobs: Iterable[str] = JOBS) -> None:
    """Appends the events and returns when the jobs have applied them."""
    append_all(settings, events)
    wait(settings, jobs)


def wait(settings: Settings, jobs: Iterable[str] = JOBS) -> None:
    with redis.Redis.from_url(settings.redis_url) as client:
        wait_applied(client, jobs, event_ends(settings))


def home(client: redis.Redis, settings: Settings, reader: int) -> list[int]:
    entries = client.get(home_key(reader, settings.timeline_buckets)) or b""
    return settle(entries, cap=settings.timeline_cap)


def own(client: redis.Redis, settings: Settings, author: int) -> list[int]:
    entries = client.get(user_key(author, settings.timeline_buckets)) or b""
    return settle(entries, cap=settings.timeline_cap)


def counts(client: redis.Redis, view: FoldView, key: int) -> dict[str, int]:
    """The measures of one key that are not zero, from speed rows alone."""
    found = read_counts(view.merge, view.measures, client.hgetall(counts_key(view.name, key)), 0)
    return {measure: total for measure, total in found.items() if total}
