"""What would the edge plan save on real activity, by the unit costs in the settings?

The plan is made by the view's own SQL from the week before the stretch that is played, so it knows
nothing of what it is judged by.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from batch.snapshots import parameters
from bench.readers import reads_of
from bench.real_data import beside
from ingest.events.columns import log_columns
from replay import files
from settings import Settings
from views.edge_plan import EDGE_PLAN

TWEETS = "stream/congress_tweets_2015_jan_apr.parquet"
FOLLOWS = "graph/congress_follows_train_valid.parquet"
EPOCH_MS = 300_000
DAY_MS = 86_400_000
PLAYED_DAYS = 28
SEED = "selective"

Edge = tuple[int, int]
"""A reader and an author."""


class Activity(NamedTuple):
    """Who follows whom, and who wrote in the stretch that is played, in the order of time."""

    db: duckdb.DuckDBPyConnection
    edges: list[Edge]
    authors: list[int]
    since_ms: int

    @property
    def readers(self) -> list[int]:
        return sorted({reader for reader, _ in self.edges})

    @property
    def people(self) -> list[int]:
        return sorted({person for edge in self.edges for person in edge} | {*self.authors})


class Cost(NamedTuple):
    """Entries written to home timelines, authors looked up at reads, and what both come to."""

    deliveries: int
    pulls: int
    cpu_s: float


def activity() -> Activity:
    """The last weeks of the real activity beside the repository. Raises `NoActivity`."""
    tweets, follows = beside(TWEETS), beside(FOLLOWS)
    db = files.load(tweets, follows, limit=2**40).db
    ((last,),) = db.execute("SELECT max(at_ms) FROM entries").fetchall()
    since = last + 1 - PLAYED_DAYS * DAY_MS
    played = "SELECT author_id FROM entries WHERE at_ms >= ? ORDER BY at_ms, id"
    edges = db.execute("SELECT follower_id, followee_id FROM edges").fetchall()
    return Activity(
        db, edges, [author for (author,) in db.execute(played, [since]).fetchall()], since
    )


def plan(known: Activity, settings: Settings, rates: dict[int, float]) -> list[Edge]:
    """The edges to pull, as `batch.generations` would decide them when the stretch begins."""
    db, until = known.db, known.since_ms // EPOCH_MS
    numbers = parameters(settings.model_copy(update={"epoch_seconds": EPOCH_MS // 1000}), until - 1)
    types = {int: "BIGINT", str: "VARCHAR", bool: "BOOLEAN"}
    for topic in EDGE_PLAN.topics:
        columns = ", ".join(f"{n} {types[t]}" for n, t in log_columns(topic).items())
        db.execute(f"CREATE OR REPLACE TABLE {topic}_log ({columns}, epoch BIGINT, pos BIGINT)")
    db.execute(f"""
        INSERT INTO follows_log BY NAME
        SELECT 'Followed' AS kind, follower_id, followee_id, 0 AS epoch, 0 AS pos FROM edges;
        INSERT INTO tweets_log BY NAME
        SELECT 'TweetPosted' AS kind, id, author_id, at_ms // {EPOCH_MS} AS epoch, 0 AS pos
        FROM entries WHERE at_ms < {known.since_ms}""")
    week = reads_of(rates, settings.plan_days, SEED)
    began = until - numbers["window_epochs"]
    db.executemany(
        "INSERT INTO reads_log BY NAME SELECT 'HomeRead' AS kind, $reader AS user_id, "
        "$reads AS reads, $epoch AS epoch, 0 AS pos",
        [{"reader": r, "reads": n, "epoch": began} for r, n in week.items() if n],
    )
    for name, selected in EDGE_PLAN.inputs(numbers):
        db.execute(f"CREATE OR REPLACE VIEW {name} AS {selected}")
    return db.execute(f"SELECT reader_id, author_id FROM ({EDGE_PLAN.sql})").fetchall()


def cost(
    known: Activity,
    settings: Settings,
    rates: dict[int, float],
    readers: set[int],
    pulled: list[Edge],
) -> Cost:
    """Of pushing to these readers over all edges but those that are pulled."""
    not_pushed = set(pulled)
    pulls_of, posts = dict.fromkeys(rates, 0), dict.fromkeys(known.people, 0)
    for reader, _ in pulled:
        pulls_of[reader] += 1
    for author in known.authors:
        posts[author] += 1
    reads = reads_of(rates, PLAYED_DAYS, SEED)
    pulls = sum(reads[reader] * pulls_of[reader] for reader in rates)
    deliveries = sum(
        posts[edge[1]] for edge in known.edges if edge[0] in readers and edge not in not_pushed
    )
    us = deliveries * settings.push_cost_us + pulls * settings.pull_cost_us
    return Cost(deliveries, pulls, us / 1e6)
