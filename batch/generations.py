"""Which generation of a SnapshotView stands, and does the log say the same?

    python -m batch.generations VIEW [advance | rollback]

Computes the view from the lake and writes its rows as a new generation of gold, reads them back,
notes in `ledger/generations` what they were made of, and only then moves the view's pointer
(`ledger/pointers`). What differs from what the log last said is appended as events; the speed layer
goes by those. So a run that is killed anywhere has told the log a part at most, each word of it
true, and one that runs again tells the rest. The generation before stays, and `rollback` moves
the pointer back to it and tells that; run again, it only tells what is left to tell.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from batch import command
from batch.command import BatchFailed
from batch.silver import catch_up
from batch.snapshots import Snapshot, snapshot, told
from ingest.bulk import append_all
from ingest.events import Event
from lake import ledgers, tables
from lake.commits import replace
from lake.table import Table
from settings import Settings
from views.contract import SnapshotView
from views.registry import SNAPSHOTS

Append = Callable[[Settings, Iterable[Event]], int]
"""Appends all events to the log and returns how many they were."""


class Pointer(NamedTuple):
    """Which generation stands, and which one stood before; 0 where there is none."""

    generation: int
    previous: int


class Damaged(BatchFailed):
    """A generation does not read back as it was written: its pointer must not move to it."""

    def __init__(self, view: str, generation: int, found: object, expected: object) -> None:
        super().__init__(
            f"generation {generation} of {view} reads back as {found}, not {expected}: run it again"
        )


def pointer(settings: Settings, view: SnapshotView) -> Pointer:
    rows = ledgers.POINTERS.open(settings).to_pyarrow_table(filters=[("view", "=", view.name)])
    found = rows.to_pylist()
    return Pointer(found[0]["generation"], found[0]["previous"]) if found else Pointer(0, 0)


def manifests(settings: Settings, view: SnapshotView) -> dict[int, dict[str, Any]]:
    """By generation what it was made of."""
    table = ledgers.GENERATIONS.open(settings)
    rows = table.to_pyarrow_table(filters=[("view", "=", view.name)]).to_pylist()
    return {row["generation"]: row for row in rows}


def make(settings: Settings, lake: Snapshot, through: int) -> int:
    """Writes a new generation and its manifest; returns its number. Raises `Damaged`.

    A number that a killed run left without a manifest is taken again, its rows replaced.
    """
    view, gold = lake.view, tables.snapshot(lake.view)
    known = manifests(settings, view)
    generation = max(known, default=0) + 1
    made = lake.make()
    replace(gold, settings, lake.batches(generation), f"generation = {generation}")
    verify(lake, settings, generation, (made.rows, made.checksum))
    row = {"view": view.name, "generation": generation, "through": through} | told(made)
    _put(ledgers.GENERATIONS, settings, row | {"made_at_ms": _now_ms()}, generation=generation)
    return generation


def verify(lake: Snapshot, settings: Settings, generation: int, expected: tuple[int, str]) -> None:
    """Reads the generation's rows back, for `differences` to use. Raises `Damaged`."""
    found = lake.use(settings, generation)
    if found != expected:
        raise Damaged(lake.view.name, generation, found, expected)


def flip(settings: Settings, view: SnapshotView, generation: int) -> None:
    """Moves the pointer, in one commit."""
    row = {
        "view": view.name,
        "generation": generation,
        "previous": pointer(settings, view).generation,
        "flipped_at_ms": _now_ms(),
    }
    _put(ledgers.POINTERS, settings, row)


def forget(settings: Settings, view: SnapshotView) -> None:
    """Drops the rows of generations that no rollback goes back to. Their manifests stay."""
    kept = [n for n in pointer(settings, view) if n]
    gold = tables.snapshot(view).open(settings)
    generation = pc.field("generation")
    older = gold.to_pyarrow_dataset().count_rows(filter=~generation.isin(kept))
    if older:
        gold.delete(f"generation NOT IN ({', '.join(map(str, kept))})")


def events(lake: Snapshot, generation: int, at_ms: int) -> Iterator[Event]:
    """What the log has to be told."""
    for row in lake.differences():
        yield lake.view.event(row, generation, at_ms)


def advance(
    settings: Settings, view: SnapshotView, through: int, append: Append = append_all
) -> dict[str, Any]:
    """Makes a generation, lets it stand, tells the log what differs from what it said."""
    with snapshot(settings, view, through) as lake:
        generation = make(settings, lake, through)
        flip(settings, view, generation)
        appended = append(settings, events(lake, generation, _now_ms()))
    forget(settings, view)
    made = manifests(settings, view)[generation]
    return {"generation": generation, "rows": made["rows"], "events": appended}


def rollback(
    settings: Settings, view: SnapshotView, through: int, append: Append = append_all
) -> dict[str, Any]:
    """Lets the generation before stand again, tells the log. Raises `BatchFailed`, `Damaged`."""
    standing = pointer(settings, view)
    if not standing.previous:
        raise BatchFailed(f"{view.name} has no generation before {standing.generation}")
    generation = min(standing)  # the older of the two, though a killed run may have gone back to it
    made = manifests(settings, view)[generation]
    with snapshot(settings, view, through) as lake:
        verify(lake, settings, generation, (made["rows"], made["checksum"]))
        if standing.generation != generation:
            flip(settings, view, generation)
        appended = append(settings, events(lake, generation, _now_ms()))
    return {"generation": generation, "rows": made["rows"], "events": appended}


def _put(table: Table, settings: Settings, row: dict[str, Any], **more: int) -> None:
    """Puts the row in the place of the view's, or of the one with `more` of it."""
    where = " AND ".join([f"view = '{row['view']}'", *(f"{n} = {v}" for n, v in more.items())])
    replace(table, settings, [pa.RecordBatch.from_pylist([row], table.columns)], where)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    view = next(view for view in SNAPSHOTS if view.name == asked.view)
    tables.create(settings)
    through = catch_up(settings, view.topics)
    step = {"advance": advance, "rollback": rollback}[asked.step]
    return {"through": through, "view": view.name} | step(settings, view, through)


def main() -> int:
    arguments = command.parser("batch.generations", __doc__, through=False, view=False)
    arguments.add_argument("view", choices=[view.name for view in SNAPSHOTS])
    arguments.add_argument("step", nargs="?", choices=["advance", "rollback"], default="advance")
    return command.run(work, arguments)


if __name__ == "__main__":
    command.leave(main())
