"""How does a test let a lake hold a history and decide generations from it, without a log?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from batch import generations, silver
from batch.changes import last_changes
from batch.snapshots import snapshot
from ingest.events import Event
from lake import tables
from settings import Settings
from tests.lake.filling import archive, bronze_rows
from tests.views.records import Record, log_of
from views.contract import Put, SnapshotView, StateView


@dataclass
class World:
    """A lake, and the history that it holds so far."""

    settings: Settings
    view: SnapshotView
    history: list[Event] = field(default_factory=list)

    def happens(self, *events: Event) -> None:
        """Archives the events behind what is there, and brings silver up to them."""
        known = len(self.log)
        self.history += events
        archive(self.settings, bronze_rows(self.log[known:]))
        for topic in self.view.topics:
            silver.refine(self.settings, topic, self.through, ahead=True)

    @property
    def log(self) -> list[Record]:
        return log_of(self.history)

    @property
    def through(self) -> int:
        return self.log[-1].epoch if self.history else 0

    def append(self, settings: Settings, events: Iterable[Event]) -> int:
        """A log whose records are in the lake at once."""
        events = list(events)
        self.happens(*events)
        return len(events)

    def make(self) -> int:
        """A new generation, which does not stand yet."""
        with snapshot(self.settings, self.view, self.through) as lake:
            return generations.make(self.settings, lake, self.through)

    def told(self, generation: int) -> list[Event]:
        """What the log has to be told for the generation to hold."""
        made = generations.manifests(self.settings, self.view)[generation]
        with snapshot(self.settings, self.view, self.through) as lake:
            expected = made["rows"], made["checksum"]
            generations.verify(lake, self.settings, generation, expected)
            return list(generations.events(lake, generation, at_ms=0))

    def rows(self, generation: int) -> list[dict[str, object]]:
        gold = tables.snapshot(self.view).open(self.settings)
        rows = gold.to_pyarrow_table(filters=[("generation", "=", generation)]).to_pylist()
        return sorted(rows, key=lambda row: [row[name] for name in self.view.key])


def said(settings: Settings, view: StateView, key: tuple[int, ...]) -> dict[str, object] | None:
    """What the log says of the key, all of it read through the archive; None where nothing."""
    silver.catch_up(settings, view.topics)
    last, _ = last_changes(settings, view, range(2**40), limit=2**40)
    change = last[key].change
    return change.row if isinstance(change, Put) else None
