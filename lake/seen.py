"""What does an analyst see of a table?

The same rows and columns as there are, by `lake/privacy.py`, and behind them what is left of texts.
Rows are made to pseudonyms on their way out of Delta, before SQL sees them: no query can call the
function that makes a pseudonym, or name the key.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.dataset as ds

from lake.columns import comment
from lake.privacy import REDUCTIONS, Reduction, Show, show
from lake.pseudonyms import Pseudonyms, each
from lake.table import Table

BATCH = 50_000  # rows made at once


def seen_schema(table: Table) -> pa.Schema:
    """The columns that an analyst sees, with their comments. Bytes show as text."""
    fields = [
        pa.field(f.name, pa.string() if pa.types.is_binary(f.type) else f.type, metadata=f.metadata)
        for f in table.schema
    ]
    reduced = [
        pa.field(left.column, left.type, metadata={"comment": left.meaning})
        for left in _reductions(table)
    ]
    return pa.schema([*fields, *reduced])


def seen_batch(table: Table, batch: pa.RecordBatch, pseudonyms: Pseudonyms) -> pa.RecordBatch:
    """Rows as an analyst sees them; null what `batch` lacks, as older versions may."""
    schema = seen_schema(table)
    columns: dict[str, pa.Array] = {}
    for field in table.schema:
        name, shown = field.name, show(field.name)
        if name not in batch.schema.names:
            continue
        if shown is Show.AS_IS:
            columns[name] = batch.column(name)
        elif shown is Show.PSEUDONYM:
            columns[name] = pseudonyms.column(batch.column(name))
        for left in REDUCTIONS[name] if shown is Show.REDUCED else ():
            columns[left.column] = each(batch.column(name), left.of, left.type)
    return pa.RecordBatch.from_arrays(
        [
            columns[f.name].cast(f.type) if f.name in columns else pa.nulls(len(batch), f.type)
            for f in schema
        ],
        schema=_bare(schema),
    )


class Seen:
    """A table as an analyst sees it: an Arrow stream, made anew each time that it is read."""

    def __init__(self, table: Table, rows: ds.Dataset, pseudonyms: Pseudonyms) -> None:
        self._table, self._rows, self._pseudonyms = table, rows, pseudonyms
        for field in table.schema:
            show(field.name)  # raises before anything is read

    def reader(self, filter: ds.Expression | None = None) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(
            _bare(seen_schema(self._table)), self._batches(filter)
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.reader().__arrow_c_stream__(requested_schema)

    def _batches(self, filter: ds.Expression | None) -> Iterator[pa.RecordBatch]:
        there = set(self._rows.schema.names)
        names = (name for name in self._table.schema.names if show(name) is not Show.NEVER)
        needed = [name for name in names if name in there]
        for batch in self._rows.to_batches(columns=needed, filter=filter, batch_size=BATCH):
            yield seen_batch(self._table, batch, self._pseudonyms)


LEFT = {left.column: left for reductions in REDUCTIONS.values() for left in reductions}
"""The columns that are there for analysts only."""


def meaning(column: str) -> str:
    """What a column means. Raises `UndocumentedColumn`."""
    return LEFT[column].meaning if column in LEFT else comment(column)


def shown(column: str) -> Show:
    """How a column shows to an analyst. Raises `UnclassifiedColumn`."""
    return Show.AS_IS if column in LEFT else show(column)


def _reductions(table: Table) -> list[Reduction]:
    return [
        left
        for field in table.schema
        if show(field.name) is Show.REDUCED
        for left in REDUCTIONS[field.name]
    ]


def _bare(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.remove_metadata() for field in schema])
