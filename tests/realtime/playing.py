"""How does a test play events through the speed layer, and read what it has made of them?"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from contextlib import closing

import msgspec
import redis

from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import Event
from ingest.events.tweets import ids_of
from ingest.positions import applied_key
from replay import served
from replay.waiting import wait_applied
from settings import Settings
from stores.shards import Shards
from views.contract import FoldView
from views.seam import counts_key, read_counts

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


def applied(settings: Settings, job: str, topics: Iterable[str]) -> bool:
    """Whether a job beside those says that it has come to where the log is."""
    ends = event_ends(settings, topics)
    with redis.Redis.from_url(settings.redis_url) as client:
        marks = client.hgetall(applied_key(job))
    told = {name.decode(): int(last) + 1 for name, last in marks.items()}
    return all(told.get(f"{topic}/{n}", 0) >= end for (topic, n), end in ends.items())


def opened(settings: Settings, *readers: int) -> None:
    """Those read now and then, so fan-out pushes to them."""
    with closing(Shards(settings)) as shards:
        served.open_homes(shards, settings, readers)


def home(settings: Settings, reader: int) -> list[int]:
    with closing(Shards(settings)) as shards:
        ((_, ids),) = served.pushed_and_pulled(shards, settings, [reader])
        return ids


def own(settings: Settings, author: int) -> list[int]:
    with closing(Shards(settings)) as shards:
        return served.user_timeline(shards, settings, author)


def counts(client: redis.Redis, view: FoldView, key: int) -> dict[str, int]:
    """The measures of one key that are not zero, from speed rows alone."""
    found = read_counts(view.merge, view.measures, client.hgetall(counts_key(view.name, key)), 0)
    return {measure: total for measure, total in found.items() if total}
