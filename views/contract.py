"""What is a view, and what must each kind say?

    FoldView      what each event adds to which key      rows merge by SUM or MAX
    StateView     event -> put or delete of a row        the last writer by log position wins
    SnapshotView  a query over the lake                  a whole generation replaces the last

An engine (Flink, Spark, DuckDB, plain Python) brings the records; the view brings the meaning. No
view imports an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from ingest.events import Event
from views.contributions import Contributions
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
    `pos` to order by. Flink reads it as processing time, the others as the offset. What it cannot
    say, Python does: `sql` finds its `contributions` beside the relations.
    """

    name: str
    doc: str
    measures: tuple[str, ...]
    relations: tuple[Relation, ...]
    sql: str
    merge: Merge
    contributions: tuple[Contributions, ...] = ()

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


@dataclass(frozen=True)
class JoinView:
    """A StateView over two streams: who follows whom, and who wrote what.

    Its meaning is a function of the state of both, so the order in which they arrive is no matter.
    """

    name: str
    doc: str
    topics: tuple[str, ...]
    events: tuple[type[Event], ...]


@dataclass(frozen=True, kw_only=True)
class SnapshotView:
    """What the whole lake says at one moment: a generation of rows replaces the one before.

    `sql` selects the columns of `key`, then `columns`, `pulled` among them, over `relations` and
    `<topic>_log` tables, in the dialect that Spark and DuckDB share. There it also finds `said`,
    the keys that are pulled by what the log says, and `parameters`, one row of numbers by which it
    decides.

    What differs between a generation and `said` is told to the log, so that the speed layer goes by
    the same: `event(row, generation, at_ms)` is what is told of a row that came (`pulled`) or went.
    """

    name: str
    doc: str
    relations: tuple[Relation, ...]
    logs: tuple[str, ...] = ()
    """Topics that `sql` reads beside its relations."""
    said: Relation
    columns: Mapping[str, type]
    sql: str
    event: Callable[[Mapping[str, Any], int, int], Event]

    @property
    def key(self) -> tuple[str, ...]:
        return self.said.identity

    @property
    def topics(self) -> tuple[str, ...]:
        topics = (*(r.topic for r in self.relations), *self.logs, self.said.topic)
        return tuple(dict.fromkeys(topics))

    def inputs(self, parameters: Mapping[str, float]) -> Iterator[tuple[str, str]]:
        """What `sql` reads over the `<topic>_log` tables: `(name, SELECT)`, in this order."""
        for relation in dict.fromkeys((*self.relations, self.said)):
            yield relation.name, relation.sql
        yield "said", self.said.standing
        types = {int: "BIGINT", float: "DOUBLE"}
        numbers = (f"CAST({v!r} AS {types[type(v)]}) AS {n}" for n, v in parameters.items())
        yield "parameters", f"SELECT {', '.join(numbers)}"


View = FoldView | StateView | JoinView
