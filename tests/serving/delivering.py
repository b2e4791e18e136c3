"""How does a test without a speed layer push to a home timeline? As fan-out does it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from replay.served import open_homes
from settings import Settings
from stores.shards import Shards
from views.timelines import bucket_of, home_prefix, pack


def deliver(settings: Settings, reader: str, tweet_ids: Iterable[str]) -> None:
    """To a user or a list that was read before: to others nothing is pushed."""
    bucket = bucket_of(int(reader), settings.timeline_buckets)
    entries = pack(int(id) for id in tweet_ids)
    cut = settings.timeline_cap, settings.timeline_slack
    with closing(Shards(settings)) as shards:
        open_homes(shards, settings, [int(reader)])
        push = ("FCALL", "timeline_push", 1, home_prefix(bucket), entries, reader, *cut)
        assert shards.command(bucket, *push) == 1
