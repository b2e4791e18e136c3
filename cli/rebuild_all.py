"""`starling rebuild --all`: how does everything come back from the lake alone?

    the log       what Kafka lost, each record where it stood (`ingest/restorer.py`)
    views         rows, counts, timelines and base timelines, by Spark (`batch/rebuild.py`)
    baselines     what is usual of tags, from gold
    suggestions   whom to follow, from gold
    features      their tiles, from gold, where they were made before
    jobs          Flink's jobs begin anew, from the log: their state, the open epoch, trends
    graph         Neo4j, from the log
    index         OpenSearch, from the lake and the log
    homes         of everybody who read lately, as if they read now

A step may be run again, and so may all of them: what is written twice is written once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from redis import Redis
from rich.console import Console
from rich.table import Table

from batch.rebuild_ledger import note
from batch.rebuild_plan import Part, plan, readers
from cli import batch
from cli.catching_up import catch_up
from cli.rebuild import written
from cli.steps import Bar, Steps
from engines.provision import STEPS
from ingest.ends import event_ends, log_ends
from lake import tables
from lake.commits import last_run
from realtime.cluster import Cluster
from realtime.graph_check import wait_until_caught_up
from realtime.graph_store import GraphStore
from realtime.submit import JOBS
from serving.services import make
from settings import Settings, load
from views.features.tables import FEATURE_TABLES
from views.registry import JOB_TOPICS, VIEWS

HOMES_AT_ONCE = 2


def rebuild_all(*, dry_run: bool, wipe: bool, as_json: bool) -> int:
    """Shows the plan and, without `dry_run`, does it. The servers must be up.

    Raises `CommandFailed`."""
    settings, console = load(), Console(stderr=True)
    tables.create(settings)
    lost = batch.run("app", "ingest.restorer", "--dry-run")
    parts = plan(settings, lost["records"])
    if as_json:
        print(json.dumps([part._asdict() for part in parts]))
    else:
        Console().print(_table(parts))
    if not dry_run:
        with Steps(console) as steps:
            _rebuild(settings, steps, lost=bool(lost["topics"]), wipe=wipe)
    return 0


def _rebuild(settings: Settings, steps: Steps, *, lost: bool, wipe: bool) -> None:
    with steps.step("Make what must be in the servers"):
        for made in STEPS:
            if made.name != "flink_jobs":
                batch.run(made.environment, made.module)
    if lost:
        with _measured(settings, steps, "log", "Bring back the log") as bar:
            with Cluster(settings.flink_url) as cluster:
                for job in JOBS:
                    cluster.cancel(
                        job
                    )  # else it would take the topic that is made anew for its own
            bar.advance(batch.run("app", "ingest.restorer")["records"])
    with _measured(settings, steps, "views", f"Rebuild {len(VIEWS)} views") as bar:
        names = [view.name for view in VIEWS]
        done = batch.run("batch", "batch.rebuild", *names, *(["--wipe"] if wipe else []))
        bar.advance(sum(written(view) for view in done["views"].values()))
    with _measured(settings, steps, "baselines", "What is usual of tags") as bar:
        bar.advance(batch.run("app", "batch.tag_baselines", "restore")["rows"])
    with _measured(settings, steps, "suggestions", "Whom to follow") as bar:
        bar.advance(batch.run("batch", "batch.who_to_follow", "restore")["rows"])
    if through := _features_through(settings):
        with steps.step("Publish features"):
            batch.run("app", "batch.feature_tiles", "--through", str(through), "--full")
    with _measured(settings, steps, "jobs", "Start the speed jobs anew") as bar:
        batch.run("speed", "realtime.submit", *(w for job in JOBS for w in ("--fresh", job)))
        bar.advance(sum(log_ends(settings).values()))
    with _measured(settings, steps, "graph", "Rebuild the graph") as bar:
        bar.advance(_rebuild_graph(settings))
    with _measured(settings, steps, "index", "Rebuild the index") as bar:
        found = batch.run("app", "realtime.reindex")
        bar.advance(found["from_lake"] + found["from_log"])
    with Redis.from_url(settings.redis_url) as redis:
        catch_up(steps, redis, JOB_TOPICS, event_ends(settings))
    with _measured(settings, steps, "homes", "Build homes") as bar:
        _build_homes(settings, bar)


def _features_through(settings: Settings) -> int:
    """The epoch to which gold has all features; 0 where they were never made."""
    runs = [last_run(tables.features(table), settings) for table in FEATURE_TABLES]
    return min(run.through if run else 0 for run in runs)


def _rebuild_graph(settings: Settings) -> int:
    """Returns the number of edges."""
    with closing(GraphStore(settings)) as store:
        store.ask_to_wipe()
        wait_until_caught_up(settings, store)
        return sum(1 for _ in store.edges())


def _build_homes(settings: Settings, bar: Bar) -> None:
    """Last, when Cassandra and the timelines of authors are whole. Others are built when they are
    read, as ever."""
    wanted = readers(settings)
    bar.expect(len(wanted))
    with closing(make(settings)) as services, ThreadPoolExecutor(HOMES_AT_ONCE) as pool:
        for _ in pool.map(services.homes.bring_back, wanted):
            bar.advance()


@contextmanager
def _measured(settings: Settings, steps: Steps, name: str, told: str) -> Iterator[Bar]:
    """A step whose time and rows the ledger keeps."""
    began = time.monotonic()
    with steps.step(told) as bar:
        yield bar
    note(settings, name, steps.done[-1].count, time.monotonic() - began)


def _table(parts: list[Part]) -> Table:
    table = Table("what", "where", "rows at most", "seconds", title="Rebuild from the lake")
    for column in table.columns[2:]:
        column.justify = "right"
    for part in parts:
        seconds = "not measured yet" if part.seconds is None else f"{part.seconds:,.1f}"
        table.add_row(part.what, part.stores, f"{part.rows:,}", seconds)
    known = [part.seconds for part in parts if part.seconds is not None]
    table.add_section()
    table.add_row("all that was measured before", "", "", f"{sum(known):,.1f}" if known else "")
    return table
