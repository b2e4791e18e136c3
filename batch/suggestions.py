"""How do suggestions of whom to follow reach readers, all of a generation at once?

A generation is written to `gold/who_to_follow`, then to Cassandra, and the rows that Cassandra has
of it are counted there. Only then the pointer moves: before that nobody reads them, so a run that
is killed anywhere has changed no answer. A rollback does the same with the generation before, and
`restore` with both, after Cassandra lost them: the lake notes which one stood.

Rows in Cassandra end by themselves after `TTL_DAYS`: no run has to find what an earlier one, killed
or not, left behind. See decision 0121.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from batch.command import BatchFailed
from batch.publish import ADVANCE, POINTER
from batch.stores import Cassandra, cassandra
from lake import ledgers, tables
from lake.commits import replace
from settings import Settings
from views.tables import KEYSPACE

STANDING, PREVIOUS = "who_to_follow", "who_to_follow.previous"  # rows of `pointers`
NEWEST = "who_to_follow.newest"  # and one of the last number that any run took, killed or not
TTL_DAYS = 30
CHUNK = 2_000
PUT = (
    f"INSERT INTO {KEYSPACE}.who_to_follow "
    "(generation, user_id, rank, candidate_id, score, reason, followed_by, tags) "
    f"VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL {TTL_DAYS * 86_400}"
)
READ = f"SELECT rank FROM {KEYSPACE}.who_to_follow WHERE generation = ? AND user_id = ?"
MOVE = f"""
BEGIN BATCH
INSERT INTO {KEYSPACE}.pointers (view_name, through) VALUES ('{PREVIOUS}', ?);
INSERT INTO {KEYSPACE}.pointers (view_name, through) VALUES ('{STANDING}', ?);
APPLY BATCH
"""


class Pointer(NamedTuple):
    """Which generation is read, and which a rollback goes back to; 0: none."""

    standing: int
    previous: int


NONE = Pointer(0, 0)


def advance(settings: Settings, batches: Iterable[pa.RecordBatch]) -> dict[str, Any]:
    """Makes a generation of rows that have all columns of gold but `generation`, and lets it
    stand."""
    with cassandra(settings) as store:
        generation = _number(settings, store)
        write(settings, generation, batches)
        return publish(settings, store, generation)


def write(settings: Settings, generation: int, batches: Iterable[pa.RecordBatch]) -> None:
    """Puts a generation into gold. `batches` must open no table while they are made."""
    numbered = (
        batch.append_column("generation", pa.array([generation] * len(batch), pa.int64()))
        for batch in batches
    )
    replace(tables.WHO_TO_FOLLOW, settings, numbered, f"generation = {generation}")


def rollback(settings: Settings) -> dict[str, Any]:
    """Lets the generation before stand again. Raises `BatchFailed` where there is none."""
    with cassandra(settings) as store:
        previous = read_pointer(store).previous
        if previous not in _generations(settings):
            raise BatchFailed("there is no generation of whom to follow to go back to")
        return publish(settings, store, previous)


def restore(settings: Settings) -> dict[str, Any]:
    """Gives Cassandra what gold holds, and lets that stand which stood last. Does nothing where the
    lake was never told of one."""
    stood = noted(settings)
    done: dict[str, Any] = {"generation": stood.standing, "rows": 0, "people": 0}
    with cassandra(settings) as store:
        for generation in sorted(_generations(settings) & {*stood}):
            rows = put(settings, store, generation)
            people = verify(settings, store, generation, rows)
            if generation == stood.standing:
                done |= {"rows": rows, "people": people}
        if stood.standing:
            store.one(ADVANCE, (NEWEST, max(_through(store, NEWEST), *stood)))
            move(store, stood)
    return done


def publish(settings: Settings, store: Cassandra, generation: int) -> dict[str, Any]:
    """Gives a generation to Cassandra, from gold alone, and lets it stand; then gold forgets those
    that no rollback goes back to. Raises `BatchFailed` where Cassandra lacks rows of it."""
    before = read_pointer(store)
    rows = put(settings, store, generation)
    people = verify(settings, store, generation, rows)
    previous = before.standing if before.standing != generation else before.previous
    move(store, Pointer(generation, previous))
    note(settings, Pointer(generation, previous))
    kept = f"{generation}, {previous}"
    tables.WHO_TO_FOLLOW.open(settings).delete(f"generation NOT IN ({kept})")
    return {"generation": generation, "previous": previous, "rows": rows, "people": people}


def put(settings: Settings, store: Cassandra, generation: int) -> int:
    """Writes the rows; returns how many."""
    rows, count = _rows(settings, generation), 0
    while chunk := list(islice(rows, CHUNK)):
        store.all((PUT, _bound(row)) for row in chunk)
        count += len(chunk)
    return count


def verify(settings: Settings, store: Cassandra, generation: int, rows: int) -> int:
    """Counts what Cassandra has of everybody; returns the number of people. Raises
    `BatchFailed`."""
    dataset = tables.WHO_TO_FOLLOW.open(settings).to_pyarrow_dataset()
    found = dataset.to_table(["user_id"], filter=pc.field("generation") == generation)
    people = pc.unique(found["user_id"]).to_pylist()
    there = 0
    for first in range(0, len(people), CHUNK):
        some = people[first : first + CHUNK]
        there += sum(map(len, store.all((READ, (generation, person)) for person in some)))
    if there != rows:
        raise BatchFailed(f"Cassandra has {there:,} of {rows:,} rows of generation {generation}")
    return len(people)


def move(store: Cassandra, pointer: Pointer) -> None:
    """Both rows or neither: a logged batch."""
    store.one(MOVE, (pointer.previous, pointer.standing))


def note(settings: Settings, pointer: Pointer) -> None:
    """Tells the lake which generation stands. Until it does a restore lets the one before stand."""
    row = {"view": STANDING, "generation": pointer.standing, "previous": pointer.previous}
    row |= {"flipped_at_ms": time.time_ns() // 1_000_000}
    batch = pa.RecordBatch.from_pylist([row], ledgers.POINTERS.columns)
    replace(ledgers.POINTERS, settings, [batch], f"view = '{STANDING}'")


def noted(settings: Settings) -> Pointer:
    """What the lake was told last."""
    rows = ledgers.POINTERS.open(settings).to_pyarrow_table(filters=[("view", "=", STANDING)])
    return next((Pointer(row["generation"], row["previous"]) for row in rows.to_pylist()), NONE)


def read_pointer(store: Cassandra) -> Pointer:
    return Pointer(_through(store, STANDING), _through(store, PREVIOUS))


def _number(settings: Settings, store: Cassandra) -> int:
    """A number that no run had, noted before a row has it: rows that a killed run left would be
    read with those of a later one of the same number."""
    known = (_through(store, NEWEST), *read_pointer(store), *_generations(settings))
    generation = 1 + max(known)
    store.one(ADVANCE, (NEWEST, generation))
    return generation


def _through(store: Cassandra, name: str) -> int:
    return getattr(store.one(POINTER, (name,)), "through", 0)


def _rows(settings: Settings, generation: int) -> Iterator[dict[str, Any]]:
    dataset = tables.WHO_TO_FOLLOW.open(settings).to_pyarrow_dataset()
    for batch in dataset.to_batches(filter=pc.field("generation") == generation):
        yield from batch.to_pylist()


def _bound(row: dict[str, Any]) -> tuple[Any, ...]:
    by = [int(id) for id in (row["followed_by"] or "").split(",") if id]
    names = ("generation", "user_id", "rank", "candidate_id", "score", "reason")
    return (*(row[name] for name in names), by, row["tags"].split(",") if row["tags"] else [])


def _generations(settings: Settings) -> set[int]:
    gold = tables.WHO_TO_FOLLOW.open(settings).to_pyarrow_dataset()
    return set(pc.unique(gold.to_table(["generation"])["generation"]).to_pylist())
