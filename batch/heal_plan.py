"""What would a rebuild of this view change, before it is done?

    python -m batch.heal_plan VIEW [--limit N]

Nothing is written to a store. Silver is brought up to the end of the log; of about `--limit` keys
at most, chosen by a hash, what readers get is held against what the lake says. Where only a sample
was looked at, the numbers are for all of it, as the sample has them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

import duckdb
import msgspec

from batch import command, silver
from batch.changes import last_changes
from batch.command import BatchFailed
from batch.compare_rows import differing
from batch.publish import POINTER
from batch.rebuild_ledger import estimate
from batch.rebuild_plan import said
from batch.sample import in_sample
from batch.served_rows import stores_of
from batch.stores import Cassandra, cassandra, redis_client
from batch.totals import VERSIONS
from lake import relations, tables
from settings import Settings
from views import seam
from views.contract import FoldView, StateView, View
from views.registry import UnknownView
from views.registry import view as view_named

CHUNK = 2_000
EVER = 2**40  # an epoch that never comes
EXAMPLES = 3

Totals = dict[str, int]


def plan(settings: Settings, view: View, through: int, limit: int) -> dict[str, Any]:
    """How many keys there are, how many change, the bytes to write and the seconds it takes."""
    if isinstance(view, FoldView):
        looked, wrong, share, size = of_counts(settings, view, through, limit)
    elif isinstance(view, StateView):
        looked, wrong, share, size = of_rows(settings, view, through, limit)
    else:  # which Spark alone computes: every reader's is written anew
        kinds = said(settings)
        looked = sum(kinds.get(event.__name__, 0) for event in view.events)
        return {"keys": looked, "seconds": estimate(settings, view.name, looked, "views")}
    keys = round(looked / share)
    return {
        "keys": keys,
        "changes": round(len(wrong) / share),
        "bytes": round(size / share),
        "seconds": estimate(settings, view.name, keys, "views"),
        "sample": round(share, 4),
        "examples": list(islice(wrong, EXAMPLES)),
    }


def of_counts(
    settings: Settings, view: FoldView, through: int, limit: int
) -> tuple[int, list[str], float, int]:
    """The keys looked at, those that differ in words, the share of the sample, and its bytes."""
    lake, share = counted(settings, view, through, limit)
    wrong, size = list[str](), 0
    for key, served in served_totals(settings, view, through, lake):
        size += len(msgspec.json.encode(lake[key]))
        if served != lake[key]:
            wrong.append(f"{key}: served are {served}, the lake has {lake[key]}")
    return len(lake), wrong, share, size


def counted(
    settings: Settings, view: FoldView, through: int, limit: int
) -> tuple[dict[int, Totals], float]:
    """What the view's own SQL says of the epochs before `through`, of keys in the sample."""
    with closing(duckdb.connect()) as database:
        for topic in view.topics:
            database.register(
                "everything", tables.silver(topic).open(settings).to_pyarrow_dataset()
            )
            database.execute(
                f"CREATE TABLE {topic}_log AS SELECT * FROM everything WHERE epoch < {through}"
            )
        relations.declare(database, view)
        merge = view.merge.name
        database.execute(
            f"CREATE TABLE totals AS SELECT key, measure, {merge}(total) AS total "
            f"FROM ({view.sql}) GROUP BY key, measure"
        )
        ((keys,),) = database.execute("SELECT count(DISTINCT key) FROM totals").fetchall()
        share = min(1.0, limit / keys) if keys else 1.0
        found: dict[int, Totals] = {}
        rows = database.execute("SELECT key, measure, total FROM totals")
        while some := rows.fetchmany(CHUNK):
            for key, measure, total in some:
                if share == 1.0 or in_sample(key, share):
                    zero = dict.fromkeys(view.measures, view.merge.zero)
                    found.setdefault(key, zero)[measure] = int(total)
        return found, share


def served_totals(
    settings: Settings, view: FoldView, through: int, keys: Iterable[int]
) -> Iterator[tuple[int, Totals]]:
    """What readers get of each key, of the epochs before `through` alone."""
    rest = iter(keys)
    with cassandra(settings) as lasting, redis_client(settings) as cache:
        pointer = getattr(lasting.one(POINTER, (view.name,)), "through", 0)
        while chunk := list(islice(rest, CHUNK)):
            pipeline = cache.pipeline(transaction=False)
            for key in chunk:
                pipeline.hgetall(seam.counts_key(view.name, key))
            for key, hot, rows in zip(
                chunk, pipeline.execute(), versions(lasting, view, chunk), strict=True
            ):
                fields = {**rows, **{k.decode(): v.decode() for k, v in hot.items()}}
                before = {f: n for f, n in fields.items() if f[0] == "b" or _epoch(f) < through}
                yield key, seam.read_counts(view.merge, view.measures, before, pointer)


def versions(lasting: Cassandra, view: FoldView, keys: list[int]) -> Iterator[dict[str, str]]:
    """Of each key the fields that Cassandra's versions are in Redis."""
    for rows in lasting.all((VERSIONS, (view.name, key)) for key in keys):
        yield {
            seam.batch_field(row.through, measure): str(total)
            for row in rows
            for measure, total in dict(row.totals or {}).items()
        }


def _epoch(field: str) -> int:
    return int(field.split(":", 2)[1])


def of_rows(
    settings: Settings, view: StateView, through: int, limit: int
) -> tuple[int, list[str], float, int]:
    """As `of_counts`. A row that only Redis or only Cassandra has wrong is one."""
    changed, share = last_changes(settings, view, range(EVER), limit)
    with cassandra(settings) as lasting, redis_client(settings) as cache:
        answers = {store: store.all(changed) for store in stores_of(view, lasting, cache)}
    wrong: dict[Any, str] = {}
    for store, keys in differing(settings, view, EVER, changed, answers).items():
        for key, answer in keys.items():
            should = store.should(changed[key])
            wrong.setdefault(key, f"{key}: {store.name} says {answer}, the lake {should}")
    size = sum(len(msgspec.json.encode(_row(each.change))) for each in changed.values())
    return len(changed), list(wrong.values()), share, size


def _row(change: Any) -> Mapping[str, Any]:
    return getattr(change, "row", {})


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    try:
        view = view_named(asked.view)
    except UnknownView as error:
        raise BatchFailed(str(error)) from None
    tables.create(settings)
    through = silver.catch_up(settings, view.topics)
    return {"view": view.name, "through": through} | plan(settings, view, through, asked.limit)


def main() -> int:
    arguments = command.parser("batch.heal_plan", __doc__, through=False, view=False)
    arguments.add_argument("view", metavar="VIEW")
    arguments.add_argument("--limit", type=int, default=200_000, help="keys, or events of rows")
    return command.run(work, arguments)


if __name__ == "__main__":
    command.leave(main())
