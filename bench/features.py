"""What does it take to read the features of 100 entities, against values that lie ready?

Made-up users and pairs, some of them busy all month; read with `features_of`, and, in the same run,
by HMGET from hashes that hold each value ready-made. Such values would be wrong five minutes later:
they would have to be written anew for everybody in each epoch, as windows move without anybody
doing anything. A process of Redis of its own; no other server.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import redis

from bench.figures import Figure, percentile
from bench.own_redis import own_redis
from serving.features import Ids, features_of
from settings import Settings
from views.features import stored
from views.features.publication import tiles_of
from views.features.tables import PAIRS, USERS, FeatureTable
from views.features.windows import DAY_MS, Clock
from views.seam import speed_field

ENTITIES, READS, TOGETHER = 2_000, 300, 100
VIEWERS = 20
FIRST_ID = 1_900_000_000_000_000_000
KINDS = {"usual": 30, "busy": 3_000}  # acts in a month


def figures() -> Iterator[Figure]:
    """The figures. Takes about a minute."""
    settings = Settings()
    with own_redis() as client:
        for table in (USERS, PAIRS):
            for kind, acts in KINDS.items():
                yield from _of(settings, client, table, kind, acts)


def _of(
    settings: Settings, client: redis.Redis, table: FeatureTable, kind: str, acts: int
) -> Iterator[Figure]:
    client.flushall()
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    now = clock.through_at(time.time_ns() // 1_000_000)
    pointer = now - 6  # half an hour ago
    chance = random.Random(7)
    entities = [_ids(table, n) for n in range(ENTITIES)]
    size = 0
    for ids in entities:
        size += _fill(client, clock, table, ids, acts, pointer, now, chance)
    client.set(stored.POINTER, pointer)
    _ready(client, table, entities)
    name = f"{table.name}_{kind}"
    yield Figure("features", f"{name}_tile_bytes_an_entity", size / ENTITIES)
    keys = {stored.tiles_key(table, ids) for ids in entities}
    memory = sum(int(client.memory_usage(key) or 0) for key in keys)
    yield Figure("features", f"{name}_redis_bytes_an_entity", memory / ENTITIES)
    some = [chance.sample(entities, TOGETHER) for _ in range(READS)]
    mine = _times(lambda asked: features_of(settings, client, table.name, asked), some)
    raw = _times(lambda asked: _hmget(client, table, asked), some)
    for percent in (50, 99):
        yield Figure(
            "features",
            f"{name}_{TOGETHER}_p{percent}_ms",
            percentile(mine, percent),
            "values_that_lie_ready",
            percentile(raw, percent),
        )


def _ids(table: FeatureTable, number: int) -> Ids:
    if table.is_pair:
        return FIRST_ID + number % VIEWERS, FIRST_ID + number
    return (FIRST_ID + number,)


def _fill(
    client: redis.Redis,
    clock: Clock,
    table: FeatureTable,
    ids: Ids,
    acts: int,
    pointer: int,
    now: int,
    chance: random.Random,
) -> int:
    """Gives an entity acts in the last thirty days; returns the size of its tiles."""
    month = 30 * DAY_MS // clock.epoch_ms
    rows: dict[tuple[str, int], int] = {}
    for _ in range(acts):
        place = (chance.choice(table.view.measures[:3]), now - 1 - chance.randrange(month))
        rows[place] = rows.get(place, 0) + 1
    batch = [(m, e, n) for (m, e), n in rows.items() if e < pointer]
    text = tiles_of(table, clock, batch, pointer=pointer, through=pointer).text
    beside = f" {ids[1]}" if table.is_pair else ""
    recent = {speed_field(e, m + beside): n for (m, e), n in rows.items() if e >= pointer}
    client.hset(stored.tiles_key(table, ids), stored.tiles_field(table, ids), text)
    if recent:
        client.hset(stored.speed_key(table, ids), mapping=recent)
    return len(text)


def _ready(client: redis.Redis, table: FeatureTable, entities: list[Ids]) -> None:
    for ids in entities:
        client.hset(_ready_key(ids), mapping=dict.fromkeys(table.names, 12))


def _ready_key(ids: Ids) -> str:
    return "ready:" + ":".join(map(str, ids))


def _hmget(client: redis.Redis, table: FeatureTable, asked: list[Ids]) -> list[dict[str, int]]:
    pipeline = client.pipeline(transaction=False)
    for ids in asked:
        pipeline.hmget(_ready_key(ids), table.names)
    return [
        {name: int(value) for name, value in zip(table.names, values, strict=True)}
        for values in pipeline.execute()
    ]


def _times(read: Callable[[list[Ids]], object], asked: list[list[Ids]]) -> list[float]:
    """Milliseconds of each read; the first few only warm up."""
    for some in asked[:20]:
        read(some)
    took = []
    for some in asked:
        began = time.perf_counter()
        read(some)
        took.append(1e3 * (time.perf_counter() - began))
    return took
