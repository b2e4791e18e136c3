"""What is a table of the lake? A Delta table with a comment on every column, made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, Schema

from lake.columns import comment
from settings import Settings

# Old files stay a week, so that any version of the last week can be read.
TIME_TRAVEL = {
    "delta.deletedFileRetentionDuration": "interval 7 days",
    "delta.logRetentionDuration": "interval 30 days",
}


@dataclass(frozen=True)
class Table:
    """A Delta table: its place under the lake folder and its schema, with comments."""

    name: str
    doc: str
    schema: pa.Schema
    partition_by: tuple[str, ...] = ()
    configuration: dict[str, str] = field(default_factory=lambda: dict(TIME_TRAVEL))
    key: tuple[str, ...] = ()  # columns that no two rows share; none: rows do not change

    def path(self, settings: Settings) -> Path:
        return settings.lake_dir / self.name

    def open(self, settings: Settings, *, version: int | None = None) -> DeltaTable:
        """The table as it stands, or at a version. Raises `TableNotFoundError` before `create`."""
        return DeltaTable(str(self.path(settings)), version=version)

    @property
    def columns(self) -> pa.Schema:
        """The schema without its comments, for rows: Delta refuses rows whose comments differ."""
        return pa.schema([field.remove_metadata() for field in self.schema])

    def create(self, settings: Settings) -> DeltaTable:
        """The table, made empty where it is missing, with the columns that came since it was made.

        Safe to call from several processes.
        """
        path = self.path(settings)
        path.mkdir(parents=True, exist_ok=True)
        table = DeltaTable.create(
            str(path),
            self.schema,
            mode="ignore",
            partition_by=list(self.partition_by) or None,
            name=self.name.replace("/", "_"),
            description=self.doc,
            configuration=dict(self.configuration),
        )
        standing = {field.name: field for field in table.schema().fields}
        if missing := [f for f in Schema.from_arrow(self.schema).fields if f.name not in standing]:
            table.alter.add_columns(missing)
        for name, column in standing.items():
            if name in self.schema.names and column.metadata.get("comment") != comment(name):
                table.alter.set_column_metadata(name, {"comment": comment(name)})
        return table


def schema_of(**types: pa.DataType) -> pa.Schema:
    """Columns of these names and types, each with its comment."""
    return pa.schema(
        [pa.field(name, type, metadata={"comment": comment(name)}) for name, type in types.items()]
    )
