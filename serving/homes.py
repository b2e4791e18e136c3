"""What stands on this reader's home, or on this list?

The newest 800 of what was pushed to it, of what those say whom it pulls, and of the reader's own.
One round trip fetches the timeline, the pull list and the own tweets, and says that the reader was
seen; a second the newest few of everybody who is pulled. All they said lately is fetched where a
page lies deeper.

A timeline that Redis does not have is built (`serving/home_building.py`); where that cannot be, or
takes too long, what the batch layer computed last answers, and is marked stale.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from ingest.events import HomeRead
from serving.asides import Asides
from serving.base_homes import BaseHomes
from serving.errors import StoreUnavailable
from serving.home_building import FOLLOWING, Home, HomeBuilding
from serving.lives import jittered
from serving.metrics import HOMES
from serving.recents import Recents
from serving.standing import Standing
from serving.stores.redis import RedisStore
from settings import Settings
from views.timelines import (
    bucket_of,
    entries_of,
    home_key,
    is_whole,
    pulls_key,
    reads_key,
    unpack,
    user_key,
)

TAIL = 64  # newest tweets of everybody who is pulled; a page of 100 seldom lies deeper


class Homes:
    def __init__(
        self,
        settings: Settings,
        redis: RedisStore,
        recents: Recents,
        building: HomeBuilding,
        base: BaseHomes,
        asides: Asides,
    ) -> None:
        self._settings, self._redis, self._recents = settings, redis, recents
        self._building, self._base, self._asides = building, base, asides

    def standing(
        self, reader: int, edges: str = FOLLOWING, *, own: bool = True, exact: bool = False
    ) -> Standing:
        """`edges` is the view of whom the reader follows. With `exact`, a stale answer is none.

        Raises `StoreUnavailable` where nobody can say, or nobody can say exactly.
        """
        try:
            home = self._look(reader, edges)
            if not is_whole(home.timeline):
                home = self._building.build(reader, edges, patient=exact)
            return self._merged(reader, home, own)
        except StoreUnavailable:
            if exact:
                raise
            HOMES.labels("stale").inc()
            return self._base.standing(reader, edges, own=own)

    def bring_back(self, reader: int) -> None:
        """Has the home built where Redis has none, though nobody reads it just now.

        Raises `StoreUnavailable`.
        """
        self._building.build(reader, FOLLOWING, patient=True)

    def _look(self, reader: int, edges: str) -> Home:
        s = self._settings
        buckets = s.timeline_buckets
        keys = (home_key(reader, buckets), pulls_key(reader, buckets))
        keep = (jittered(s.timeline_seconds), s.reads_report_seconds * 1000)
        bucket = bucket_of(reader, buckets)
        found, reads = self._redis.timelines(
            [
                (bucket, ("MGET", *keys, user_key(reader, buckets))),
                (bucket, ("FCALL", "reader_seen", 3, *keys, reads_key(reader, buckets), *keep)),
            ]
        )
        if reads and edges == FOLLOWING:
            now_ms = time.time_ns() // 1_000_000
            self._asides.tell(HomeRead(at_ms=now_ms, user_id=reader, reads=reads))
        return Home(*found)

    def _merged(self, reader: int, home: Home, own: bool) -> Standing:
        pushed = unpack(entries_of(home.timeline))
        if own:
            pushed += unpack(entries_of(home.own))
            if not is_whole(home.own):
                pushed += self._recents.of([reader])[0].ids
        pulled = unpack(home.pulls or b"")
        tails = self._recents.of(pulled, TAIL) if pulled else []

        def deepen() -> Iterable[int]:
            yield from pushed
            for lately in self._recents.of(pulled):
                yield from lately.ids

        known = [id for lately in tails for id in lately.ids]
        return Standing(
            pushed + known,
            cap=self._settings.timeline_cap,
            floor=max((lately.ids[0] for lately in tails if not lately.all), default=0),
            deepen=deepen,
        )
