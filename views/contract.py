"""What is a view, and what must each kind say?

    FoldView      what each event adds to which key      rows merge by SUM or MAX
    StateView     event -> put or delete of a row        the last writer by log position wins
    SnapshotView  a query over the lake                  a whole generation replaces the last

An engine (Flink, Spark, DuckDB, plain Python) brings the records; the view brings the meaning. No
view imports an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from ingest.events import Event
from views.merges import Merge
from views.relations import Relation

Key = TypeVar("Key")


class FoldRow(NamedTuple):
    """What one epoch adds to one measure of one key: an absolute total, never an increment."""

    key: int
    measure: str
    epoch: int
    total: int


@dataclass(frozen=True)
class FoldView:
    """A count. `sql` is one `SELECT key, measure, epoch, <merge>(...) AS total` over `relations`.

    The dialect is what Flink, Spark and DuckDB share: no types, no functions of one engine, and
    `pos` to order by. Flink reads it as processing time, the others as the offset.
    """

    name: str
    doc: str
    measures: tuple[str, ...]
    relations: tuple[Relation, ...]
    sql: str
    merge: Merge

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.topic for r in self.relations))

    @property
    def events(self) -> tuple[type[Event], ...]:
        return tuple(dict.fromkeys(e for r in self.relations for e in r.events))


@dataclass(frozen=True)
class Put(Generic[Key]):
    """This row is what holds for `key` from this event on."""

    key: Key
    row: dict[str, Any]


@dataclass(frozen=True)
class Delete(Generic[Key]):
    """Nothing holds for `key` from this event on: a tombstone, which an older put cannot revive."""

    key: Key


Change = Put[Any] | Delete[Any]


@dataclass(frozen=True, kw_only=True)
class StateView:
    """Rows that are put and deleted. All events of one key share a partition, so `pos` orders them.

    `project(event)` returns the changes the event makes; it is pure, so applying a record twice, or
    late, changes nothing as long as a store keeps the change with the highest `pos`.
    """

    name: str
    doc: str
    topics: tuple[str, ...]
    events: tuple[type[Event], ...]
    project: Callable[[Event], Iterable[Change]]
    rows_an_event: int = 1
    """About so many, for who must bound a cost."""


@dataclass(frozen=True)
class JoinView:
    """A StateView over two streams: who follows whom, and who wrote what.

    Its meaning is a function of the state of both, so the order in which they arrive is no matter.
    """

    name: str
    doc: str
    topics: tuple[str, ...]
    events: tuple[type[Event], ...]


View = FoldView | StateView | JoinView
