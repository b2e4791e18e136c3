"""How many people are usual for each tag, in each place and hour of the week?

    python -m batch.tag_baselines [advance | rollback | restore]

Recounts the uses of tags in the last four weeks from silver (`views/trends/baseline.py`), writes
the rows to `gold/tag_baselines` as a new generation and gives them to Redis, where the board of
trends looks them up: the rows first, then the pointer that names them. A run that is killed has
changed nothing that anybody reads. The generation before stays, and `rollback` goes back to it.
`restore` gives Redis what gold holds, after Redis lost it.

A use counts in the place that its tweet names, else where its author says to be now; nowhere one of
a protected account, or of a tweet that moderation takes away or shows behind a notice.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import redis

from batch import command, silver
from batch.command import BatchFailed
from batch.doubtful import doubtful
from lake import tables
from lake.commits import replace
from settings import Settings
from views.trends import usual
from views.trends.baseline import LOOKBACK, SQL, Baseline, rows
from views.trends.places import named_places, places_of
from views.trends.uses import uses
from views.trends.usual import Pointer

TOPICS = ("tweets", "accounts", "moderation")
MINUTE_MS = 60_000
AT_ONCE = 10_000  # texts, or fields of Redis, held in memory at a time
USES = pa.schema({"tag": pa.string(), "person_id": pa.int64(), "minute": pa.int64()})

TEXTS = """
SELECT author_id, at_ms // 60000 AS minute, text, place_id, location FROM tweets_log
LEFT JOIN (
  SELECT id AS person_id, arg_max(coalesce(location, ''), pos) AS location,
    arg_max(protected, pos) AS protected
  FROM accounts_log GROUP BY id
) AS located ON located.person_id = author_id
WHERE kind = 'TweetPosted' AND (contains(text, '#') OR contains(text, '＃'))
  AND protected IS NOT TRUE AND id NOT IN (SELECT id FROM doubtful)
  AND at_ms >= $since_ms AND at_ms < $until_ms
"""


def advance(settings: Settings, until: int) -> dict[str, Any]:
    """Makes a generation of the four weeks before minute `until`, and lets it stand."""
    with closing(duckdb.connect()) as database:
        since = _count_uses(database, settings, until)
        database.execute(f"CREATE TABLE parameters AS SELECT {since} AS since, {until} AS until")
        found = database.sql(SQL).to_arrow_table()
    generation = 1 + max(_generations(settings), default=0)
    replace(
        tables.TAG_BASELINES, settings, _as_rows(found, generation, since, until),
        f"generation = {generation}",
    )  # fmt: skip
    return publish(settings, generation)


def rollback(settings: Settings) -> dict[str, Any]:
    """Lets the generation before stand again. Raises `BatchFailed` where there is none."""
    with closing(redis.Redis.from_url(settings.redis_url)) as client:
        pointer = usual.read_pointer(client.get(usual.POINTER))
    if pointer.previous not in _generations(settings):
        raise BatchFailed("there is no generation of tag baselines to go back to")
    return publish(settings, pointer.previous)


def restore(settings: Settings) -> dict[str, Any]:
    """Gives Redis the newest generation, and the one before, as they are in gold."""
    done: dict[str, Any] = {"generation": 0, "rows": 0, "tags": 0, "places": 0}
    with closing(redis.Redis.from_url(settings.redis_url)) as client:
        client.delete(usual.POINTER)
    for generation in sorted(_generations(settings)):
        done = publish(settings, generation, forget=False)
    return done


def publish(settings: Settings, generation: int, *, forget: bool = True) -> dict[str, Any]:
    """Gives a generation to Redis, from gold alone, and lets it stand. With `forget`, rows that no
    rollback goes back to are dropped."""
    gold = tables.TAG_BASELINES.open(settings).to_pyarrow_dataset()
    table = gold.to_table(filter=pc.field("generation") == generation)
    by_place: dict[int, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        by_place.setdefault(row["place"], []).append(row)
    bounds = table.slice(0, 1).to_pylist() or [{"since_minute": 0, "until_minute": 1}]
    since, until = bounds[0]["since_minute"], bounds[0]["until_minute"]
    made = {place: Baseline.of(rows(found), since, until) for place, found in by_place.items()}
    with closing(redis.Redis.from_url(settings.redis_url)) as client:
        before = usual.read_pointer(client.get(usual.POINTER))
        _write(client, generation, made)
        previous = before.generation if before.generation != generation else before.previous
        profiles = {place: list(baseline.profile) for place, baseline in made.items()}
        pointer = Pointer(generation, previous, since, until, profiles)
        client.set(usual.POINTER, usual.packed_pointer(pointer))
        if before.previous not in (generation, previous):
            client.delete(usual.generation_key(before.previous))
    if forget:
        _forget(settings, pointer)
    tags = sum(len(baseline.tags) for baseline in made.values())
    return {"generation": generation, "rows": table.num_rows, "tags": tags, "places": len(made)}


def _count_uses(database: duckdb.DuckDBPyConnection, settings: Settings, until: int) -> int:
    """Fills `tag_uses`, a tag in a place being one tag. Returns the minute they begin at."""
    for topic in TOPICS:
        lake = tables.silver(topic).open(settings).to_pyarrow_dataset()
        database.register(f"{topic}_log", lake)
    database.execute("CREATE TABLE tag_uses (tag VARCHAR, person_id BIGINT, minute BIGINT)")
    inserting = database.cursor()
    bounds = {"since_ms": (until - LOOKBACK) * MINUTE_MS, "until_ms": until * MINUTE_MS}
    found_doubtful = pa.table({"id": pa.array(doubtful(database, bounds["since_ms"]), pa.int64())})
    database.register("doubtful", found_doubtful)
    texts = database.execute(TEXTS, bounds)
    while some := texts.fetchmany(AT_ONCE):
        found = pa.Table.from_pylist(list(_uses(some)), USES)
        inserting.register("found", found)
        inserting.execute("INSERT INTO tag_uses SELECT * FROM found")
    ((first,),) = inserting.execute("SELECT min(minute) FROM tag_uses").fetchall()
    return until - 1 if first is None else int(first)


def _uses(
    texts: Iterable[tuple[int, int, str, str | None, str | None]],
) -> Iterator[dict[str, Any]]:
    for author_id, minute, text, place_id, location in texts:
        for use in uses(text, person_id=author_id, minute=minute):
            for place in named_places(place_id) or places_of(location or ""):
                tag = usual.field(place, use.tag)
                yield {"tag": tag, "person_id": author_id, "minute": minute}


def _as_rows(found: pa.Table, generation: int, since: int, until: int) -> Iterator[pa.RecordBatch]:
    """The rows of gold."""
    split = pc.split_pattern(found["tag"], " ", max_splits=1)
    number = len(found)
    made = pa.table(
        {
            "place": pc.list_element(split, 0).cast(pa.int64()),
            "tag": pc.list_element(split, 1),
            **{name: found[name] for name in ("hour_of_week", "people", "four_hours", "days")},
            "since_minute": [since] * number,
            "until_minute": [until] * number,
            "generation": [generation] * number,
        }
    )
    yield from made.cast(tables.TAG_BASELINES.columns).to_batches()


def _write(client: redis.Redis, generation: int, made: dict[int, Baseline]) -> None:
    key = usual.generation_key(generation)
    client.delete(key)  # what a killed run left of it
    fields = (
        (usual.field(place, name), usual.packed(tag))
        for place, baseline in made.items()
        for name, tag in baseline.tags.items()
    )
    some = dict[str, str]()
    for name, value in fields:
        some[name] = value
        if len(some) == AT_ONCE:
            client.hset(key, mapping=some)
            some = {}
    if some:
        client.hset(key, mapping=some)


def _generations(settings: Settings) -> set[int]:
    gold = tables.TAG_BASELINES.open(settings).to_pyarrow_dataset()
    return set(pc.unique(gold.to_table(["generation"])["generation"]).to_pylist())


def _forget(settings: Settings, pointer: Pointer) -> None:
    """Drops the rows of generations that no rollback goes back to."""
    kept = f"{pointer.generation}, {pointer.previous}"
    tables.TAG_BASELINES.open(settings).delete(f"generation NOT IN ({kept})")


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    if asked.step == "rollback":
        return rollback(settings)
    if asked.step == "restore":
        return restore(settings)
    silver.catch_up(settings, TOPICS)
    return advance(settings, int(time.time()) // 60)


def main() -> int:
    arguments = command.parser("batch.tag_baselines", __doc__, through=False, view=False)
    steps = ("advance", "rollback", "restore")
    arguments.add_argument("step", nargs="?", choices=steps, default="advance")
    return command.run(work, arguments)


if __name__ == "__main__":
    command.leave(main())
