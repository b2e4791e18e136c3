"""Which row holds for each key, from the whole lake?

Runs StateViews' own `project` by Spark over silver and keeps, for each key, the change with the
highest log position. Also the settled timelines that follow from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

import msgspec
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from ingest.events.columns import event_of
from lake import tables
from settings import Settings
from views.contract import Change, Delete, Put, StateView
from views.home_timeline import READERS
from views.registry import state_views
from views.relations import Relation
from views.user_timeline import USER_TIMELINE

CHANGE = pa.schema(
    [
        ("view", pa.string()),
        ("key", pa.string()),  # JSON; a key of several parts is an array
        ("row", pa.string()),  # JSON; null where the change is a delete
        ("pos", pa.int64()),
        ("append_ms", pa.int64()),
        ("at_ms", pa.int64()),
    ]
)
Batches = Iterator[pa.RecordBatch]


def change_of(key: str, row: str | None) -> Change:
    """The change that `CHANGE` holds as JSON."""
    decoded = msgspec.json.decode(key)
    place = tuple(decoded) if isinstance(decoded, list) else decoded
    return Delete(place) if row is None else Put(place, msgspec.json.decode(row))


def projector(names: Sequence[str]) -> Callable[[Batches], Batches]:
    """For Spark's `mapInArrow`: rows of silver to the changes that these views make of them."""

    def changes(batches: Batches) -> Batches:
        views = [v for v in state_views() if v.name in names]
        encode = msgspec.json.Encoder().encode
        kinds = {event.__name__ for view in views for event in view.events}
        for batch in batches:
            found = []
            for row in batch.to_pylist():
                if row["kind"] not in kinds:
                    continue
                event = event_of(row)
                place = row["pos"], row["append_ms"], row["at_ms"]
                for view in views:
                    for change in view.project(event) if isinstance(event, view.events) else ():
                        body = encode(change.row).decode() if isinstance(change, Put) else None
                        found.append((view.name, encode(change.key).decode(), body, *place))
            columns = zip(*found, strict=True) if found else [()] * len(CHANGE)
            arrays = [pa.array(v, f.type) for v, f in zip(columns, CHANGE, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=CHANGE)

    return changes


def read(spark: SparkSession, settings: Settings, topic: str) -> DataFrame:
    """All of silver of the topic, open epochs included."""
    return spark.read.format("delta").load(str(tables.silver(topic).path(settings)))


def latest(spark: SparkSession, settings: Settings, views: Sequence[StateView]) -> DataFrame:
    """For each key of each view its last change, as in `CHANGE`. A topic is read once for all."""
    schema = from_arrow_schema(CHANGE)
    parts = []
    for topic in dict.fromkeys(topic for view in views for topic in view.topics):
        names = [view.name for view in views if topic in view.topics]
        parts.append(read(spark, settings, topic).mapInArrow(projector(names), schema))
    changes = reduce(DataFrame.union, parts)
    rest = F.struct("pos", "row", "append_ms", "at_ms")
    last = changes.groupBy("view", "key").agg(F.max_by(rest, F.col("pos")).alias("last"))
    return last.select("view", "key", "last.*")


def entries(spark: SparkSession, settings: Settings) -> DataFrame:
    """`author_id, id` of the tweets and retweets that stand, from the view of user timelines."""
    standing = latest(spark, settings, [USER_TIMELINE]).where("row IS NOT NULL")
    key = F.from_json("key", "array<bigint>")
    return standing.select(key[0].alias("author_id"), key[1].alias("id"))


def newest(ids: str, cap: int) -> F.Column:
    """The newest `cap` of an array of ids, newest first."""
    return F.slice(F.sort_array(ids, asc=False), 1, cap)


def user_timelines(spark: SparkSession, settings: Settings) -> DataFrame:
    """`reader, ids`: each author's own newest, newest first."""
    ids = newest(F.collect_list("id"), settings.timeline_cap).alias("ids")
    return entries(spark, settings).groupBy(F.col("author_id").alias("reader")).agg(ids)


def home_timelines(spark: SparkSession, settings: Settings) -> DataFrame:
    """`reader, ids`, as `views.home_timeline.home_timelines` says, for readers who have any.

    No reader needs more of an author than the newest `cap`, so a whole author's newest travel
    together and a popular author is no longer than another.
    """
    edges = reduce(DataFrame.union, (reads(spark, settings, *each) for each in READERS))
    authors = user_timelines(spark, settings).withColumnRenamed("reader", "author")
    found = F.array_distinct(F.flatten(F.collect_list("ids")))
    return (
        edges.join(authors, "author")
        .groupBy("reader")
        .agg(newest(found, settings.timeline_cap).alias("ids"))
    )


def base_timelines(spark: SparkSession, settings: Settings) -> DataFrame:
    """`reader, ids` as in `home_timelines`, for whoever ever read anybody: empty where nothing is
    left to read, so that what was written of them before is replaced."""
    readers = reduce(
        DataFrame.union,
        (
            read(spark, settings, edges.topic)
            .where(F.col("kind").isin([event.__name__ for event in edges.events]))
            .select(F.col(reader).alias("reader"))
            for edges, reader, _ in READERS
        ),
    ).distinct()
    none = F.array().cast("array<bigint>")
    return readers.join(home_timelines(spark, settings), "reader", "left").select(
        "reader", F.coalesce("ids", none).alias("ids")
    )


def reads(
    spark: SparkSession, settings: Settings, edges: Relation, reader: str, author: str
) -> DataFrame:
    """`reader, author` of the edges that stand."""
    on, off = edges.on.__name__, edges.off.__name__
    return (
        read(spark, settings, edges.topic)
        .where(F.col("kind").isin(on, off))
        .groupBy(F.col(reader).alias("reader"), F.col(author).alias("author"))
        .agg(F.max_by("kind", "pos").alias("kind"))
        .where(F.col("kind") == on)
        .select("reader", "author")
    )
