"""What do all stores hold of one world? Every key, row, edge and document, as readers mean it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from opensearchpy import OpenSearch
from redis import Redis

from batch.stores import cassandra, redis_client, timeline_shards
from batch.suggestions import read_pointer
from realtime.graph_store import GraphStore
from settings import Settings
from views import timelines
from views.registry import fold_views
from views.rows import LOADED, LOADING
from views.seam import pointer_key, read_counts
from views.tables import KEYSPACE

NOT_REBUILT = {
    "through": "where the seam stands, which a rebuild moves",
    "speed_from": "likewise, of the comparison",
    "counted": "when the speed layer began to count and was heard of last",
    "applied": "how far jobs are; they say so again, and the test waits for it",
    "fo": "whom a reader follows, read from Cassandra when they read",
    "lm": "whom a list follows, likewise",
    "gs": "stamps by which answers of the graph are known to be old, for an hour",
    "ga": "answers of the graph, for an hour",
    "gc": "who computes one",
    "rd": "reads that were not told to the log yet",
    "rl": "how often somebody asked: limits",
    "attempts": "failed sign-ins",
    "nonce": "requests that were signed once",
    "lock": "who holds something just now",
    "trends": "what trends this moment: the board decides it anew every few seconds",
    "sq": "answers of searches, for half a minute",
    "sn": "how often a search was asked",
    "so": "who somebody is, of a search",
}
"""The beginnings of keys in Redis that come from no log, or anew by themselves, and why."""

Kept = dict[str, Any]


class World:
    """The ids of a test: what else is in the stores is another's."""

    def __init__(self, base: int, tag: str) -> None:
        self._ids, self._tag = range(base, base + 1_000_000), tag

    def has(self, *values: Any) -> bool:
        return any(isinstance(value, int) and value in self._ids for value in values)

    def names(self, key: str) -> bool:
        numbers = re.findall(r"\d{6,}", key)
        return self._tag in key or any(int(number) in self._ids for number in numbers)


def kept(settings: Settings, world: World) -> dict[str, Kept]:
    """By store, all that it holds of the world."""
    return {
        "redis": dict(_redis(settings, world)),
        "timelines": dict(_timelines(settings, world)),
        "cassandra": dict(_cassandra(settings, world)),
        "neo4j": dict(_graph(settings, world)),
        "opensearch": dict(_index(settings, world)),
    }


def _redis(settings: Settings, world: World) -> Iterator[tuple[str, Any]]:
    views = {view.name: view for view in fold_views()}
    with redis_client(settings) as client:
        for name in sorted(client.scan_iter(count=5_000)):
            key = name.decode()
            sort = key.partition(":")[0]
            if sort in NOT_REBUILT or not (world.names(key) or sort == "usual"):
                continue
            value = _value(client, name)
            if sort == "c":  # as readers see it, wherever the seam stands
                view = views.get(key.split(":")[1])
                if view is not None:
                    pointer = int(client.get(pointer_key(view.name)) or 0)
                    value = read_counts(view.merge, view.measures, value, pointer)
            yield key, value


def _value(client: Redis, key: bytes) -> Any:
    match client.type(key):
        case b"string":
            return client.get(key)
        case b"hash":
            found = client.hgetall(key)
            return {k: v for k, v in found.items() if k.decode() not in (LOADED, LOADING)}
        case b"zset":
            return client.zrange(key, 0, -1, withscores=True)
        case b"set":
            return client.smembers(key)
    raise AssertionError(f"{key!r} is of a type that nobody writes")


def _timelines(settings: Settings, world: World) -> Iterator[tuple[str, Any]]:
    """Entries settled: order, repeats and bytes are no matter to a reader; a pull list is a set."""
    with timeline_shards(settings) as shards:
        for shard in shards.all():
            for name in shard.scan_iter(count=5_000):
                key = name.decode()
                sort = key.partition(":")[0]
                if sort in NOT_REBUILT or not world.names(key):
                    continue
                value = shard.get(name)
                if sort == "pl":
                    yield key, set(timelines.unpack(value))
                    continue
                ids = timelines.settle(timelines.entries_of(value), cap=800)
                if ids or sort != "ut":  # who said nothing has one where somebody asked
                    yield key, (timelines.is_whole(value), ids)


def _cassandra(settings: Settings, world: World) -> Iterator[tuple[str, Any]]:
    tables = f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{KEYSPACE}'"
    versions = {"batch_rows", "pointers"}  # else of totals: `c:` is what readers make of them
    with cassandra(settings) as store:
        if (stands := read_pointer(store)).standing:
            yield "who_to_follow stands", stands
        ((*found,),) = store.all([(tables, ())])
        for table in sorted({row.table_name for row in found} - versions):
            ((*rows,),) = store.all([(f"SELECT JSON * FROM {KEYSPACE}.{table}", ())])
            for row in (json.loads(row.json) for row in rows):
                if world.has(*row.values()):
                    row = {name: value for name, value in row.items() if value is not None}
                    if table == "home_base":
                        row = {name: row[name] for name in ("reader_id", "ids")}
                    yield f"{table} {sorted(row.items())}", True


def _graph(settings: Settings, world: World) -> Iterator[tuple[str, Any]]:
    with closing(GraphStore(settings)) as store:
        yield from ((str(edge), True) for edge in store.edges() if world.has(*edge))


def _index(settings: Settings, world: World) -> Iterator[tuple[str, Any]]:
    """Whatever the generation is: what a reader asks goes through the aliases."""
    with OpenSearch(settings.opensearch_url, timeout=30) as client:
        for alias in ("tweets", "users"):
            lenient = {"ignore_unavailable": "true"}
            client.indices.refresh(index=alias, params=lenient)
            body = {"query": {"range": {"id": {"gte": world._ids.start, "lt": world._ids.stop}}}}
            found = client.search(index=alias, body=body, params={"size": 1_000} | lenient)
            for each in found["hits"]["hits"]:
                yield f"{alias} {each['_id']}", each["_source"]
