"""How do features reach those who ask online?

    python -m batch.feature_tiles --through E [--full]

Writes the tiles (`views/features/publication.py`) of whoever did something since the last run to
Redis, reads them back, and then moves the pointer: readers take nothing of a run that has not
ended. The pointer never passes what may be known: the run waits until E is `feature_delay_seconds`
ago. `--full`, or a Redis that lost its pointer, gets every tile; until then features are null.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import Any, NamedTuple

import duckdb
import redis

from batch import command
from batch.command import BatchFailed
from lake import tables
from lake.commits import last_run
from settings import Settings
from views.features import stored
from views.features.publication import Row, changed, gone, oldest_epoch, tiles_of
from views.features.tables import FEATURE_TABLES, FeatureTable
from views.features.windows import Clock

AT_ONCE = 2_000  # entities written in one round trip
FETCHED = 50_000  # rows of activity


class Entity(NamedTuple):
    """Ids, and all of its activity that its tiles are made of."""

    ids: tuple[int, ...]
    rows: list[Row]


class TilesNotAsWritten(RuntimeError):
    """Redis gives back something else than was written; the pointer must not move."""

    def __init__(self, key: str, field: str) -> None:
        super().__init__(f"Redis holds other tiles in {key}, {field} than were written")


def publish(settings: Settings, through: int, *, full: bool = False) -> dict[str, Any]:
    """Publishes all tables. Does nothing where readers see a later run already."""
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    with closing(redis.Redis.from_url(settings.redis_url)) as client:
        said = client.get(stored.POINTER)
        if said is not None and int(said) > through and not full:
            return {"through": int(said), "skipped": f"published through {int(said)} already"}
        for table in FEATURE_TABLES:
            require(settings, table, through)
        pointer = None if full or said is None else int(said)
        if pointer is None:
            forget(client)
        done = {
            table.name: write(settings, client, clock, table, pointer, through)
            for table in FEATURE_TABLES
        }
        time.sleep(max(0.0, clock.known_from_ms(through) / 1_000 - time.time()))
        advance(client, pointer, through)
        left = {
            table.name: sweep(settings, client, clock, table, through) for table in FEATURE_TABLES
        }
    return {"through": through, "from": pointer or 0, "tables": done, "left": left}


def advance(client: redis.Redis, pointer: int | None, through: int) -> None:
    """Moves the pointer, and notes where it stood; a run that is repeated finds that noted."""
    if pointer != through:
        before = through if pointer is None else pointer
        client.mset({stored.BEFORE: before, stored.POINTER: through})


def require(settings: Settings, table: FeatureTable, through: int) -> None:
    """Raises `BatchFailed` where gold has not come as far."""
    last = last_run(tables.features(table), settings)
    if last is None or last.through < through:
        raise BatchFailed(
            f"features of {table.name} were not made through epoch {through}: "
            f"run python -m batch.features --through {through}"
        )


def forget(client: redis.Redis) -> None:
    """Drops all tiles, the pointer first: what is left of others is no value."""
    client.delete(stored.POINTER, stored.BEFORE)
    for table in FEATURE_TABLES:
        keys = client.scan_iter(match=f"{stored.tiles_key(table, (0,))[:-1]}*", count=AT_ONCE)
        while some := list(islice(keys, AT_ONCE)):
            client.unlink(*some)


def write(
    settings: Settings,
    client: redis.Redis,
    clock: Clock,
    table: FeatureTable,
    pointer: int | None,
    through: int,
) -> dict[str, int]:
    """The tiles of a run, while readers go by `pointer`; without one, all there are."""
    back = through if pointer is None else pointer
    since = max(0, back - settings.silver_lookback_epochs)  # batch may have found more there
    span = (0, through) if pointer is None else changed(clock, since, through)
    count, size = 0, 0
    for texts in _texts(settings, clock, table, span, back, through):
        put(client, table, texts)
        prune(client, table, texts, back)
        count += len(texts)
        size += sum(map(len, texts.values()))
    return {"entities": count, "bytes": size}


def sweep(
    settings: Settings, client: redis.Redis, clock: Clock, table: FeatureTable, pointer: int
) -> int:
    """Takes away what has left all windows, now that readers go by `pointer`; returns of how many
    entities."""
    span = gone(clock, int(client.get(stored.BEFORE) or pointer), pointer)
    count = 0
    for texts in _texts(settings, clock, table, span, pointer, pointer):
        put(client, table, texts)
        count += len(texts)
    return count


def _texts(
    settings: Settings,
    clock: Clock,
    table: FeatureTable,
    span: tuple[int, int],
    back: int,
    through: int,
) -> Iterator[dict[tuple[int, ...], str]]:
    """The tiles of whoever did something in the span, as texts, so many as are written at once."""
    if span[0] >= span[1]:
        return
    entities = activity(settings, table, span, oldest_epoch(clock, back), through)
    while some := list(islice(entities, AT_ONCE)):
        yield {
            e.ids: tiles_of(table, clock, e.rows, pointer=back, through=through).text for e in some
        }


def activity(
    settings: Settings,
    table: FeatureTable,
    span: tuple[int, int],
    oldest: int,
    through: int,
) -> Iterator[Entity]:
    """The activity of each entity that did something in the span of epochs."""
    lake = tables.activity(table).open(settings).to_pyarrow_dataset()
    did = f"epoch >= {span[0]} AND epoch < {span[1]}"
    lasting = ", ".join(f"'{measure}'" for measure in (*table.lasting, ""))
    ids = ", ".join(table.entity)
    with closing(duckdb.connect()) as database:
        database.register("activity", lake)
        found = database.execute(
            f"""SELECT {ids}, measure, epoch, total
            FROM (SELECT DISTINCT {ids} FROM activity WHERE {did}) AS active LEFT JOIN (
              FROM activity
              WHERE epoch < {through} AND (epoch >= {oldest} OR measure IN ({lasting}))
            ) AS needed USING ({ids})
            ORDER BY {ids}"""
        )
        chunks = iter(lambda: found.fetchmany(FETCHED), [])
        rows = (row for chunk in chunks for row in chunk)
        split = len(table.entity)
        for entity, own in groupby(rows, key=lambda row: row[:split]):
            # One of whom nothing is needed any more has a row of nulls, and loses its tiles.
            yield Entity(entity, [row[split:] for row in own if row[split] is not None])


def put(client: redis.Redis, table: FeatureTable, texts: dict[tuple[int, ...], str]) -> None:
    """Writes and reads back; an entity without tiles is gone. Raises `TilesNotAsWritten`."""
    places = {ids: (stored.tiles_key(table, ids), stored.tiles_field(table, ids)) for ids in texts}
    pipeline = client.pipeline(transaction=False)
    for ids, text in texts.items():
        key, field = places[ids]
        pipeline.hset(key, field, text) if text else pipeline.hdel(key, field)
        pipeline.hget(key, field)
    for (ids, text), found in zip(texts.items(), pipeline.execute()[1::2], strict=True):
        if (found or b"").decode() != text:
            raise TilesNotAsWritten(*places[ids])


def prune(
    client: redis.Redis, table: FeatureTable, texts: dict[tuple[int, ...], str], pointer: int
) -> None:
    """Drops the speed layer's totals that no reader at `pointer` or later uses."""
    keys = list(dict.fromkeys(stored.speed_key(table, ids) for ids in texts))
    pipeline = client.pipeline(transaction=False)
    for key in keys:
        pipeline.hkeys(key)
    for key, fields in zip(keys, pipeline.execute(), strict=True):
        if stale := [field for field in fields if int(field.split(b":", 2)[1]) < pointer]:
            pipeline.hdel(key, *stale)
    pipeline.execute()


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    return publish(settings, asked.through, full=asked.full)


def main() -> int:
    arguments = command.parser("batch.feature_tiles", __doc__, view=False)
    arguments.add_argument("--full", action="store_true", help="every tile, not only new ones")
    return command.run(work, arguments)


if __name__ == "__main__":
    command.leave(main())
