"""What does a thing add that SQL cannot say? Python says it, and engines count it as any change.

The glue provides a relation `name` with the columns of `Relation.changes` (`key`, `measure`,
`epoch`, `delta`): of each thing that came to be a row for each key that `of` says of one of its
columns. So a view's SQL stays the same in Flink, Spark and DuckDB; only how a list becomes rows is
said in each engine's own words, once for all views (`realtime/log_tables.py`, `batch/logs.py`,
`lake/relations.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from views.relations import Relation


@dataclass(frozen=True)
class Contributions:
    """`of` must say the same of the same text for ever; `version` is counted up where it does not,
    so that batch counts all of history anew."""

    name: str
    relation: Relation
    column: str
    measure: str
    of: Callable[[str], list[int]]
    version: int

    @property
    def function(self) -> str:
        """By this name SQL calls `of`."""
        return f"{self.name}_of"

    @property
    def sql(self) -> str:
        """What came to be; `key` is still the column that `of` is asked of."""
        return self.relation.came(self.column, self.measure)

    @property
    def meaning(self) -> str:
        return f"{self.sql} {self.function} {self.version}"
