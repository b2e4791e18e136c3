"""What does each store say of the rows of a StateView, and what should it say after a change?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
import redis

from batch.changes import Changed, Key
from batch.stores import Cassandra
from views.contract import Put, StateView
from views.rows import PLACES, unpack_row
from views.tables import TABLES

CHUNK = 2_000

Said = Any
"""What a store says of one key: equal where it says the same."""


class RowStore(ABC):
    """A store of a view's rows. Nulls are left out of them: to a reader none is as good as null."""

    name: str

    def __init__(self, view: StateView) -> None:
        self.view = view

    def all(self, keys: Iterable[Key]) -> dict[Key, Said]:
        """What it says of each key that it can say something of."""
        rest, found = iter(keys), dict[Key, Said]()
        while chunk := list(islice(rest, CHUNK)):
            found.update(self.read(chunk))
        return found

    @abstractmethod
    def read(self, keys: list[Key]) -> Iterator[tuple[Key, Said]]: ...

    @abstractmethod
    def should(self, changed: Changed) -> Said:
        """What it says where that change is the last."""

    @abstractmethod
    def stands(self, said: Said) -> bool:
        """Whether a row is there, and no tombstone."""


class CassandraRows(RowStore):
    """It says the row, or None: a deleted row and one that never was look the same."""

    name = "cassandra"

    def __init__(self, view: StateView, store: Cassandra) -> None:
        super().__init__(view)
        self.store, self.table = store, TABLES[view.name]

    def read(self, keys: list[Key]) -> Iterator[tuple[Key, Said]]:
        bound = (key if isinstance(key, tuple) else (key,) for key in keys)
        found = self.store.all((self.table.get, values) for values in bound)
        for key, rows in zip(keys, found, strict=True):
            yield key, _row({n: getattr(rows[0], n) for n in self.table.columns}) if rows else None

    def should(self, changed: Changed) -> Said:
        match changed.change:
            case Put(row=row):
                return _row({name: row[name] for name in self.table.columns})
        return None

    def stands(self, said: Said) -> bool:
        return said is not None


class RedisRows(RowStore):
    """It says the log position and the row, or None for a tombstone; nothing of what is not hot."""

    name = "redis"

    def __init__(self, view: StateView, cache: redis.Redis) -> None:
        super().__init__(view)
        self.cache, self.place = cache, PLACES[view.name]

    def read(self, keys: list[Key]) -> Iterator[tuple[Key, Said]]:
        for key, value in zip(keys, self._values(keys), strict=True):
            if value is not None:
                pos, row = unpack_row(value)
                yield key, (pos, None if row is None else msgspec.json.decode(row))

    def _values(self, keys: list[Key]) -> list[bytes | None]:
        place = self.place
        if place.field is None:
            return self.cache.mget([place.key(key) for key in keys])
        pipeline = self.cache.pipeline(transaction=False)
        for key in keys:
            pipeline.hget(place.key(key), place.field(key))
        return pipeline.execute()

    def should(self, changed: Changed) -> Said:
        match changed.change:
            case Put(row=row):
                return changed.pos, _row(self.place.value(row))
        return changed.pos, None

    def stands(self, said: Said) -> bool:
        return said[1] is not None


def stores_of(view: StateView, lasting: Cassandra, cache: redis.Redis) -> list[RowStore]:
    """Those that keep the view's rows one by one. User timelines lie packed in Redis."""
    hot = [RedisRows(view, cache)] if view.name in PLACES else []
    return [CassandraRows(view, lasting), *hot]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
