"""What do this epoch's events add? Runs every FoldView's own SQL, and says how far it has come.

    <topic>_records -> relations -> each view's SQL -> totals of (key, measure, epoch) -|
                    |-> the highest offset of each partition ---------------------------|-> Redis

Totals and offsets leave the same mini-batches, and meet in one function (realtime/totals.py).
"""

from __future__ import annotations

from pyflink.common import Types
from pyflink.table import Schema
from pyflink.table.changelog_mode import ChangelogMode

from realtime import job
from realtime.keyed import under_one_key
from realtime.log_tables import declare_contributions, declare_log, declare_relations
from realtime.totals import OFFSETS, WriteTotals
from settings import Settings
from views.registry import ACTIVITIES, fold_views

NAME = "folds"


def options(settings: Settings) -> job.Options:
    """Mini-batches: a total leaves once a batch, however many events changed it."""
    return {
        "table.exec.mini-batch.enabled": "true",
        "table.exec.mini-batch.allow-latency": f"{settings.fold_latency_ms} ms",
        "table.exec.mini-batch.size": 5000,
        "table.exec.state.ttl": f"{settings.speed_row_ttl_hours} h",
        "table.exec.sink.upsert-materialize": "NONE",  # the rows of a key never leave its operator
        # Many operators of one kind: numbers keep them apart. The plan is the same each time.
        "table.exec.uid.format": "<id>_<transformation>",
    }


def start_ms(settings: Settings, through: int) -> int:
    """Where a fresh job begins to read, when batch is complete through that epoch.

    One lifetime of state before it: so long ago an edge may have been set that changes now.
    """
    return max(0, through * settings.epoch_ms - settings.speed_row_ttl_hours * 3_600_000)


def build(environment, tables, settings: Settings, *, through: int, anew: bool) -> None:
    """`through` is the epoch before which batch has counted; `anew` without a checkpoint."""
    views = (*fold_views(), *ACTIVITIES)
    topics = sorted({topic for view in views for topic in view.topics})
    for topic in topics:
        declare_log(tables, settings, topic, start_ms=start_ms(settings, through))
    declare_relations(tables, [relation for view in views for relation in view.relations])
    declare_contributions(tables, [made for view in views for made in view.contributions])
    totals = " UNION ALL ".join(
        [*(_totals(view.name, view.sql) for view in views), *(_offsets(topic) for topic in topics)]
    )
    # With a key Flink sends each new total, and not the one before it as well.
    row = Schema.new_builder().primary_key("view", "key", "measure", "epoch").build()
    changes = tables.to_changelog_stream(tables.sql_query(totals), row, ChangelogMode.upsert())
    (
        under_one_key(changes, tuple)
        .process(WriteTotals(settings, since=through if anew else None), output_type=Types.STRING())
        .set_parallelism(1)
        .uid("write-totals")
        .name("write-totals")
        .sink_to(job.nothing())
        .name("nothing")
    )


def _totals(name: str, sql: str) -> str:
    """A view's rows, with its name before them."""
    return (
        f"SELECT '{name}' AS `view`, COALESCE(`key`, 0) AS `key`, "
        "COALESCE(CAST(measure AS STRING), '') AS `measure`, COALESCE(epoch, 0) AS `epoch`, "
        f"CAST(total AS BIGINT) AS `total` FROM ({sql})"
    )


def _offsets(topic: str) -> str:
    """The highest offset of each partition, in rows of the same shape, under no view's name."""
    return (
        f"SELECT '{OFFSETS}', COALESCE(CAST(`partition` AS BIGINT), 0), "
        f"'{topic}', CAST(0 AS BIGINT), MAX(`offset`) FROM {topic}_records GROUP BY `partition`"
    )
