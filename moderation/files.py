"""What are the scores of a file of texts?

Batch by batch, so that memory stays flat however long the file is. The output is written beside its
place and moved there at the end: it is whole or not there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from moderation.scorer import Scorer

BATCH = 512
ADDED = (("toxicity", pa.float64()), ("spam", pa.float64()), ("action", pa.string()))


class BadInput(ValueError):
    """The file cannot be scored; the message says what is wrong with it, and where."""


class Texts:
    """An opened Parquet file with a column of texts. Raises `BadInput`."""

    def __init__(self, file: Path, column: str) -> None:
        if not file.exists():
            raise BadInput(f"there is no file {file}")
        try:
            self._opened = pq.ParquetFile(file)
        except (pa.ArrowException, OSError) as error:
            raise BadInput(f"{file} is no Parquet file: {error}") from None
        self.column = column
        self.schema = self._opened.schema_arrow
        self.rows: int = self._opened.metadata.num_rows
        names = self.schema.names
        if column not in names:
            raise BadInput(f"{file} has no column {column!r}; it has {', '.join(names)}")
        if not _is_text(self.schema.field(column).type):
            kind = self.schema.field(column).type
            raise BadInput(f"column {column!r} of {file} holds {kind}, not text")
        if taken := [name for name, _ in ADDED if name in names]:
            raise BadInput(f"{file} has a column {taken[0]!r} already, which scoring would add")

    def score_into(self, output: Path, scorer: Scorer, advance: Callable[[int], None]) -> None:
        """Writes the rows with their scores; `advance` hears of each batch. Raises `BadInput`."""
        schema = self.schema
        for name, kind in ADDED:
            schema = schema.append(pa.field(name, kind))
        beside = output.with_name(f".{output.name}.part")
        try:
            with pq.ParquetWriter(beside, schema) as writer:
                seen = 0
                for batch in self._opened.iter_batches(BATCH):
                    writer.write_batch(self._scored(batch, seen, schema, scorer))
                    seen += batch.num_rows
                    advance(batch.num_rows)
            beside.replace(output)
        except OSError as error:
            raise BadInput(f"cannot write {output}: {error}") from None
        finally:
            beside.unlink(missing_ok=True)

    def _scored(
        self, batch: pa.RecordBatch, before: int, schema: pa.Schema, scorer: Scorer
    ) -> pa.RecordBatch:
        texts = batch.column(self.column).to_pylist()
        if None in texts:
            raise BadInput(f"row {before + texts.index(None)} has no {self.column!r} (it is null)")
        found = scorer.score(texts)
        added = [
            pa.array([each.toxicity for each in found], pa.float64()),
            pa.array([each.spam for each in found], pa.float64()),
            pa.array([str(each.action) for each in found], pa.string()),
        ]
        return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
