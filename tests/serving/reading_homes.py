"""How does a test read homes as one process of the API does, and see what that asks and tells?"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from ingest.events import EdgePlanned, HomeRead
from serving.asides import Asides
from serving.base_homes import BaseHomes
from serving.home_building import HomeBuilding
from serving.homes import Homes
from serving.recents import Recents
from serving.stores.cassandra import Bound, CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from tests.people import Person


class CountingCassandra(CassandraStore):
    """Counts its statements."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: Counter[str] = Counter()
        self._counting = threading.Lock()

    def begin(self, statements: Sequence[Bound]) -> list:
        with self._counting:
            self.asked.update(cql for cql, _ in statements)
        return super().begin(statements)


class Told(Asides):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.events: list[HomeRead | EdgePlanned] = []

    def tell(self, event: HomeRead | EdgePlanned) -> None:
        self.events.append(event)


class Process:
    """The part of an API process that reads homes."""

    def __init__(self, settings: Settings) -> None:
        redis, self.cassandra, self.told = RedisStore(settings), CountingCassandra(settings), Told()
        recents = Recents(settings, redis, self.cassandra)
        building = HomeBuilding(settings, redis, self.cassandra, recents, self.told)
        base = BaseHomes(settings, self.cassandra, recents)
        self.homes = Homes(settings, redis, recents, building, base, self.told)

    def home(self, reader: Person) -> list[str]:
        return [str(id) for id in self.homes.standing(int(reader.id)).all()]


@pytest.fixture
def process(api_server: Settings) -> Iterator[Process]:
    made = Process(api_server)
    yield made
    made.cassandra.close()
