"""Which rows are held against the expectations? Those of the epochs of a window, as pandas frames.

Only the columns that an expectation names are read.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingest.topics import EVENT_TOPICS
from lake import tables
from lake.expectations import Expectation, bronze, silver
from settings import Settings

Audit = tuple[str, pd.DataFrame, list[Expectation]]
"""What is audited, its rows, what is expected of them."""

MANY = 1_000  # records below which a share of them tells nothing


def within(first: int, end: int) -> ds.Expression:
    return (pc.field("epoch") >= first) & (pc.field("epoch") < end)


def frame(table: pa.Table) -> pd.DataFrame:
    """Whole numbers stay whole where some are null: a float loses digits of an id."""
    return table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def bronze_events(settings: Settings, first: int, end: int) -> pd.DataFrame:
    names = ["topic", "partition", "offset", "append_ms", "epoch", "key"]
    dataset = tables.BRONZE.open(settings).to_pyarrow_dataset()
    rows = dataset.to_table(columns=names, filter=within(first, end))
    is_event = pc.is_in(rows.column("topic"), pa.array(EVENT_TOPICS))
    key = pc.fill_null(rows.column("key"), b"").cast(pa.string())
    found = frame(rows.drop_columns("key"))
    found["key"] = pc.if_else(is_event, key, "0").to_pandas()
    found["epoch_of_append_ms"] = found["append_ms"] // settings.epoch_ms
    return found


def bronze_partitions(settings: Settings, events: pd.DataFrame) -> pd.DataFrame:
    """For each partition, how many offsets bronze holds between the first and the last of the
    window, of whatever epoch: a clock that steps back is no hole."""
    dataset = tables.BRONZE.open(settings).to_pyarrow_dataset()
    rows = []
    for (topic, partition), offsets in events.groupby(["topic", "partition"])["offset"]:
        low, high = int(offsets.min()), int(offsets.max())
        expected = high - low + 1
        archived = offsets.nunique()
        if archived != expected:
            place = (pc.field("topic") == topic) & (pc.field("partition") == partition)
            between = (pc.field("offset") >= low) & (pc.field("offset") <= high)
            found = dataset.to_table(columns=["offset"], filter=place & between)
            archived = pc.count_distinct(found.column("offset")).as_py()
        rows.append((topic, partition, archived, expected))
    return pd.DataFrame(rows, columns=["topic", "partition", "archived", "expected"])


def silver_events(settings: Settings, topic: str, first: int, end: int) -> pd.DataFrame:
    names = {
        name
        for expectation in silver.of_topic(topic)
        for key in ("column", "column_list")
        for name in _list(expectation.arguments.get(key))
    }
    columns = sorted((names | {"at_ms", "append_ms"}) - {"delay_ms"})
    dataset = tables.silver(topic).open(settings).to_pyarrow_dataset()
    found = frame(dataset.to_table(columns=columns, filter=within(first, end)))
    found["delay_ms"] = found["append_ms"] - found["at_ms"]
    return found


def reconciliation(settings: Settings, first: int, end: int) -> pd.DataFrame:
    """For each topic, what became of its records in bronze."""
    raw = tables.BRONZE.open(settings).to_pyarrow_dataset()
    refused = tables.REJECTED.open(settings).to_pyarrow_dataset()
    rows = []
    for topic in EVENT_TOPICS:
        of_topic = (pc.field("topic") == topic) & within(first, end)
        typed = tables.silver(topic).open(settings).to_pyarrow_dataset()
        records = raw.count_rows(filter=of_topic)
        rejected = refused.count_rows(filter=of_topic)
        accounted = typed.count_rows(filter=within(first, end)) + rejected
        share = rejected / records if records >= MANY else 0.0
        rows.append((topic, records, accounted, rejected, share))
    names = ["topic", "bronze", "accounted", "rejected", "rejected_share_of_many"]
    return pd.DataFrame(rows, columns=names)


def audits(settings: Settings, first: int, end: int) -> list[Audit]:
    """Everything that is audited of the epochs from `first` on and before `end`."""
    events = bronze_events(settings, first, end)
    return [
        ("bronze/events", events, bronze.EVENTS),
        ("bronze/partitions", bronze_partitions(settings, events), bronze.PARTITIONS),
        *(
            (f"silver/{t}", silver_events(settings, t, first, end), silver.of_topic(t))
            for t in EVENT_TOPICS
        ),
        ("silver/reconciliation", reconciliation(settings, first, end), silver.RECONCILIATION),
    ]


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []
