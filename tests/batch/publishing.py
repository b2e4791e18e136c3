"""How does a test publish a view of its own to the shared stores, and read it as readers do?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import redis

from batch.publish import POINTER, publish
from batch.stores import Cassandra, cassandra, redis_client
from batch.totals import VERSIONS, oldest_needed
from lake import tables
from settings import Settings
from tests.lake.filling import fold_by_hand, lake_in
from views.contract import FoldView
from views.seam import COUNTED, COUNTED_FIELDS, counts_key, pointer_key, read_counts, speed_field
from views.tweet_counts import TWEET_COUNTS

_numbers = count()


@dataclass
class Desk:
    """A view of its own, a lake with its gold, and both stores."""

    settings: Settings
    view: FoldView
    cache: redis.Redis
    lasting: Cassandra

    def fold(self, through: int, likes: dict[int, tuple[int, int]]) -> None:
        """Writes gold: `key -> (likes, the run in which they came to be)`."""
        totals = {key: ({"like_count": n}, since) for key, (n, since) in likes.items()}
        fold_by_hand(self.settings, self.view, through, totals)

    def publish(self, through: int) -> dict[str, object]:
        return publish(self.settings, self.view, through)

    def speed(self, key: int, epoch: int, likes: int) -> None:
        """What the speed layer writes."""
        name = counts_key(self.view.name, key)
        self.cache.hset(name, speed_field(epoch, "like_count"), likes)

    def pointers(self) -> tuple[int, int]:
        """In Cassandra and in Redis."""
        lasts = getattr(self.lasting.one(POINTER, (self.view.name,)), "through", 0)
        return lasts, int(self.cache.get(pointer_key(self.view.name)) or 0)

    def hot(self, key: int) -> int:
        """The likes a reader gets from Redis."""
        fields = self.cache.hgetall(counts_key(self.view.name, key))
        merge, measures = self.view.merge, self.view.measures
        return read_counts(merge, measures, fields, self.pointers()[1])["like_count"]

    def lasts(self, key: int) -> int:
        """The likes a reader gets from Cassandra alone."""
        ((rows),) = self.lasting.all([(VERSIONS, (self.view.name, key))])
        standing = {row.through: dict(row.totals) for row in rows}
        return standing.get(oldest_needed(standing, self.pointers()[0]), {}).get("like_count", 0)

    def stored(self, keys: Iterable[int]) -> object:
        """All that both stores hold of these keys."""
        keys = list(keys)
        rows = self.lasting.all((VERSIONS, (self.view.name, key)) for key in keys)
        return (
            [[(row.through, dict(row.totals)) for row in of_key] for of_key in rows],
            [self.cache.hgetall(counts_key(self.view.name, key)) for key in keys],
            self.pointers(),
        )


@contextmanager
def desk(running: Settings, folder: Path) -> Iterator[Desk]:
    settings = lake_in(folder, running)
    view = replace(TWEET_COUNTS, name=f"test_counts_{folder.name}_{next(_numbers)}")
    for make in (tables.gold, tables.gold_by_epoch):
        make(view).create(settings)
    with redis_client(settings) as cache, cassandra(settings) as lasting:
        cache.hset(COUNTED, COUNTED_FIELDS[0], 0)  # the speed layer has counted all
        yield Desk(settings, view, cache, lasting)
